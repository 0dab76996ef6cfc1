// What verbs about one task share: open the house, find the task by its id, its label, or the beginning of either.

import { isRefused } from '../task/words.ts'
import type { Grammar } from '../bot/words.ts'
import { flagsAnywhere, UsageError } from './args.ts'
import { openHouse, type House } from './house.ts'
import { sayRefusal } from './print.ts'

type Asked = { house: House; id: string; flags: Record<string, string>; rest: string[] }

/** `words`: whether more words may follow the task; where they may not, one is an error. */
export async function withTask(
  argv: string[],
  name: string,
  grammar: Grammar,
  words: boolean,
  act: (asked: Asked) => Promise<number>,
): Promise<number> {
  const { flags, rest } = flagsAnywhere(argv, grammar)
  const [ref, ...others] = rest
  if (ref === undefined) throw new UsageError(`${name} needs a task; “backchannel tasks” lists them.`)
  if (!words && others.length > 0) throw new UsageError(`“${others[0]}” is one word too many: ${name} takes a task.`)
  const house = await openHouse()
  try {
    const id = await house.views.find(ref)
    return typeof id !== 'string' && isRefused(id) ? sayRefusal(id) : await act({ house, id, flags, rest: others })
  } finally {
    await house.close()
  }
}
