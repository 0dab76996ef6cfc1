// How verbs of the command line answer: JSON for programs, words for people.

import type { Done } from '../bot/deeds.ts'
import { revealed } from '../bot/unseen.ts'
import type { Task } from '../task/task.ts'
import { isRefused, type Refused } from '../task/words.ts'
import type { House } from './house.ts'

export const say = (text: string): void =>
  void process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)

/** What agents wrote, as a terminal may show it: nothing in it moves the cursor or turns the text around. */
export const seen = (text: string, strictly = false): string => revealed(text, strictly, (name) => `‹${name}›`)

export const sayJson = (value: unknown): void => say(JSON.stringify(value, null, 2))

/** A refusal in its own words on stderr; exit code 1. */
export function sayRefusal({ refused }: Refused): number {
  process.stderr.write(`${refused}\n`)
  return 1
}

/** What a deed came to: the task as it is now. */
export async function sayDone(house: House, done: Done, json: boolean, words: (task: Task) => string): Promise<number> {
  if (done === 'repeated') return 0
  if (isRefused(done)) return sayRefusal(done)
  if (json) {
    const { facts: _facts, ...task } = (await house.views.task(done.id)) ?? { facts: [] }
    sayJson(task)
  } else {
    say(words(done))
  }
  return 0
}
