// What `up` uses beside so many live sessions, and what one session process uses.

import { setTimeout as sleep } from 'node:timers/promises'
import { running } from '../journeys/sessions.ts'
import { until } from '../support/until.ts'
import { watch } from './machine.ts'
import { newHome } from './rubble.ts'
import type { Found, Size, Use } from './samples.ts'
import { up } from './up.ts'

/** What was just started has settled after this. */
const SETTLE_MS = 5_000

export async function sessions({ sessions: counts, watchMs }: Size): Promise<Found> {
  const home = newHome(`slots: ${Math.max(...counts) + 1}\n`)
  const it = await up(home)
  const settleMs = Math.min(SETTLE_MS, watchMs)
  const uses: Use[] = []
  let live = 0
  for (const count of counts) {
    for (; live < count; live++) await it.say(`/bg run --label sleep-${live} sleep 86400`)
    await it.until('working', count)
    await until(() => owners().length === count, { within: 60_000, what: `${count} sessions live` })
    await sleep(settleMs)
    uses.push(await watch(`up, ${count} live sessions and one open page`, it.pid, watchMs))
  }
  const shell = owners()[0]
  if (shell) uses.push(await watch('session process of a shell task', shell.pid, watchMs))

  await it.say('/bg start --agent demo --here --label waits\nwait guidance')
  const before = new Set(owners().map((one) => one.pid))
  const demo = await until(() => owners().find((one) => !before.has(one.pid)), {
    within: 60_000,
    what: 'the demo lives',
  })
  await sleep(settleMs)
  uses.push(await watch('session process of a demo task', demo.pid, watchMs))
  return { uses }

  function owners() {
    return running(home).filter((one) => one.owner)
  }
}
