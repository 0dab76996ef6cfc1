// What `commit`, `discard` and `restore` share: asking for it, and waiting until the runner has done it or says why it cannot.

import { setTimeout as sleep } from 'node:timers/promises'
import { choreWords } from '../bot/texts.ts'
import { load } from '../runner/journal.ts'
import type { ChoreKind } from '../task/facts.ts'
import { isRefused } from '../task/words.ts'
import type { House } from './house.ts'
import { say, sayDone } from './print.ts'

const WAIT_MS_MAX = 120_000
const LOOK_MS = 50

type Wanted = { house: House; id: string; what: ChoreKind; message?: string | undefined; json: boolean }

export async function askFor({ house, id, what, message, json }: Wanted): Promise<number> {
  const done = await house.deeds.chore({ by: house.user }, id, what, message)
  if (done === 'repeated' || isRefused(done)) return sayDone(house, done, false, () => '')
  const asked = done.chores.at(-1)?.id
  if (!(await house.bells.isAnswered('runner'))) {
    process.stderr.write('It is done as soon as “backchannel up” runs again.\n')
    return 1
  }
  for (let waited = 0; waited < WAIT_MS_MAX; waited += LOOK_MS) {
    const task = await load(house.store.journal, id)
    const chore = task?.chores.find((one) => one.id === asked)
    if (task && chore && chore.state.kind !== 'asked') {
      if (chore.state.kind === 'failed') process.stderr.write(`${choreWords(chore)}\n`)
      else await sayDone(house, task, json, () => `${task.label}: ${choreWords(chore)}`)
      return chore.state.kind === 'failed' ? 1 : 0
    }
    await sleep(LOOK_MS)
  }
  say('It is asked for and has not been done yet.')
  return 1
}
