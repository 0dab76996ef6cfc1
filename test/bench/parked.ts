// Many tasks that wait for a person, their processes ended: what `up` does about them while nothing happens, and at its start.

import { setTimeout as sleep } from 'node:timers/promises'
import { running } from '../journeys/sessions.ts'
import { until } from '../support/until.ts'
import { cpuMs, watch } from './machine.ts'
import { newHome } from './rubble.ts'
import { timed, type Found, type Size } from './samples.ts'
import { up, type Up } from './up.ts'

const SETTLE_MS = 5_000
const LOOK_MS = 500

export async function parked({ parked: count, looks, watchMs }: Size): Promise<Found> {
  const home = newHome('park_after: 500ms\nremind_after: 30d\n')
  const first = await up(home)
  for (let i = 0; i < count; i++)
    await first.say(`/bg start --agent demo --here --label ask-${i}\nquestion Which? one | two`)
  await first.until('needs', count)
  await until(() => running(home).length === 0, { within: 60_000 + 500 * count, what: 'all are parked' })
  await sleep(Math.min(SETTLE_MS, watchMs))
  const idle = await watch(`up, ${count} parked tasks`, first.pid, watchMs)
  const boards: number[] = []
  for (let i = 0; i < looks; i++) boards.push(await timed(() => first.board()))
  const acknowledged = []
  for (let i = 0; i < looks; i++) acknowledged.push(await timed(() => first.say('/bg help')))
  await first.stop()

  const again = await up(home)
  const startMs = await settled(again)
  const restarted = await watch(`up, started again with ${count} parked tasks`, again.pid, watchMs)
  const startCpuMs = cpuMs(again.pid)
  return {
    uses: [idle, restarted],
    looks: [
      { asked: 'GET /api/tasks, all of them parked', tasks: count, ms: boards },
      { asked: 'POST /bg help, all of them parked', tasks: count, ms: acknowledged },
    ],
    notes: [
      `\`up\` with ${count} parked tasks was busy for ${startMs.toFixed(0)} ms after its start, ${startCpuMs.toFixed(0)} ms of CPU in all.`,
    ],
  }
}

/** How long it goes on working after its start. */
async function settled({ pid }: Up): Promise<number> {
  const began = performance.now()
  for (let busy = began; ;) {
    const before = cpuMs(pid)
    await sleep(LOOK_MS)
    const now = performance.now()
    if (cpuMs(pid) - before > LOOK_MS / 10) busy = now
    else if (now - busy > 3 * LOOK_MS) return busy - began
  }
}
