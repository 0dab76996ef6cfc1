// `backchannel discard TASK [--yes]`: puts its work away for 30 days. Says what will happen and wants a yes: typed, where a person
// sits at a terminal, else as the flag.

import { createInterface } from 'node:readline/promises'
import { DISCARDING, whyNoChore } from '../task/decide/chore.ts'
import { load } from '../runner/journal.ts'
import { askFor } from './chore.ts'
import { withTask } from './one.ts'
import { say, sayRefusal } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'discard', { valued: [], bare: ['yes', 'json'] }, false, async ({ house, id, flags }) => {
    const task = await load(house.store.journal, id)
    if (!task) return 1
    const why = whyNoChore(task, 'discard')
    if (why) return sayRefusal({ refused: why })
    if (!('yes' in flags) && !(await isConfirmed(task.label))) return 1
    return askFor({ house, id, what: 'discard', json: 'json' in flags })
  })

async function isConfirmed(label: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write(`${label}: ${DISCARDING}\nNothing was done: add --yes to do it.\n`)
    return false
  }
  say(`${label}: ${DISCARDING}`)
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await asking.question(`Type ${label} to discard it: `)
  asking.close()
  if (answer.trim() === label) return true
  say('Nothing was done.')
  return false
}
