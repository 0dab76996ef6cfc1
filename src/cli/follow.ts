// Prints a task's log as it grows, until the task ends.

import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from './house.ts'

const LOOK_MS = 200

/** `from`: the byte it begins at. `grep`: only lines with this text. `silent`: nothing is printed, only waited for. */
type Wish = { from?: number; grep?: string | undefined; silent?: boolean }

/** Resolves with the exit code: 0 completed, the command's own code when it failed with one, else 1. */
export async function follow(house: House, id: string, { from = 0, grep, silent = false }: Wish = {}): Promise<number> {
  const print = silent ? () => {} : grep === undefined ? write : linesWith(grep)
  for (let next = from; ;) {
    const range = await house.views.log(id, { from: next })
    const caughtUp = range.next === next || range.next === range.bytes
    print(range.text, range.ended && caughtUp)
    next = range.next
    if (range.ended && caughtUp) break
    if (caughtUp) await sleep(LOOK_MS)
  }
  const outcome = (await house.views.task(id))?.outcome
  if (outcome?.kind === 'completed') return 0
  if (outcome?.kind === 'failed') process.stderr.write(`${outcome.reason}\n`)
  const exit = outcome?.ending.exit
  return exit && 'code' in exit ? exit.code || 1 : 1
}

const write = (text: string): void => void process.stdout.write(text)

/** A line that is still being written waits for its end. */
function linesWith(grep: string): (text: string, isLast: boolean) => void {
  let begun = ''
  return (text, isLast) => {
    const lines = `${begun}${text}`.split('\n')
    begun = isLast ? '' : (lines.pop() ?? '')
    for (const line of lines) if (line.includes(grep)) write(`${line}\n`)
  }
}
