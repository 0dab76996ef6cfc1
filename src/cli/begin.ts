// What `start` and `run` share: a new task from the command line, said at once, followed if wanted.

import path from 'node:path'
import { untilde } from '../config.ts'
import { isRefused } from '../task/words.ts'
import type { StartWish } from '../bot/deeds.ts'
import { follow } from './follow.ts'
import { openHouse, WEB } from './house.ts'
import { sayDone } from './print.ts'

type Wish = Omit<StartWish, 'place'>

export async function begin(wish: Wish, { json, wait }: { json: boolean; wait: boolean }): Promise<number> {
  const house = await openHouse()
  try {
    const done = await house.deeds.start({ by: house.user }, { ...wish, place: WEB })
    const tell = () =>
      sayDone(
        house,
        done,
        json,
        (task) => `${task.id}  ${task.label}  queued; “backchannel logs ${task.id} --follow” shows its log`,
      )
    if (done === 'repeated' || isRefused(done)) return await tell()
    // As JSON it is one object, so with --follow it is said at the end.
    if (!(json && wait)) await tell()
    if (!(await house.bells.isAnswered('runner'))) {
      process.stderr.write('Nothing runs it until “backchannel up” (or npm start) is running.\n')
    }
    if (!wait) return 0
    const code = await follow(house, done.id, { silent: json })
    if (json) await tell()
    return code
  } finally {
    await house.close()
  }
}

/** `--repo` is a name, or a path from where one is. */
export const repoNamed = (given: string | undefined): string | null =>
  given === undefined ? null : /^[.~]|\//u.test(given) ? path.resolve(untilde(given)) : given
