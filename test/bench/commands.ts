// What a person types, until it is acknowledged, until its card is there, and until its session works.

import { setTimeout as sleep } from 'node:timers/promises'
import { parseActionId } from '../../src/task/action-id.ts'
import { saidAt } from './attempt.ts'
import { bare, bareBirth } from './bare.ts'
import { newHome } from './rubble.ts'
import { timed, type Found, type Size } from './samples.ts'
import { up, type Change } from './up.ts'

/** After a session has ended, until nothing is done about it any more. */
const SETTLE_MS = 150
const PACE_MS = 700

export async function commands({ commands: count, births }: Size): Promise<Found> {
  const home = newHome()
  const hops = await bare()
  const it = await up(home)
  const asked = { ours: [] as number[], bareMs: [] as number[] }
  const started = { ours: [] as number[], bareMs: [] as number[] }
  const shown = { ours: [] as number[], bareMs: [] as number[] }
  const ready = { ours: [] as number[], bareMs: [] as number[] }

  for (let i = 0; i <= count; i++) {
    it.stream.forget()
    const label = `job-${i}`
    const one = { help: await timed(() => it.say('/bg help')), say: await hops.say(), echo: await hops.echo() }
    const began = performance.now()
    await it.say(`/bg start --agent demo --here --label ${label}\ndone Nothing to do`)
    const acknowledged = performance.now() - began
    const card = await it.stream.first((change) => isOf(change, label), `the first card of ${label}`)
    await it.stream.first((change) => isOf(change, label) && toneOf(change) === 'good', `the end of ${label}`)
    // As people start tasks: not the next one before another session process waits for it.
    await sleep(i < births ? PACE_MS : SETTLE_MS)
    // The first time fills caches.
    if (i === 0) continue
    asked.ours.push(one.help)
    asked.bareMs.push(one.say)
    started.ours.push(acknowledged)
    started.bareMs.push(await hops.say())
    shown.ours.push(card.at - began)
    shown.bareMs.push(one.echo)
    if (i > births) continue
    ready.ours.push(await readyMs(taskOf(card.data)))
    ready.bareMs.push(await bareBirth())
  }

  return {
    hops: [
      { hop: 'command acknowledged: /bg help', ...asked, bare: 'HTTP POST' },
      { hop: 'command acknowledged: /bg start', ...started, bare: 'HTTP POST' },
      { hop: 'command → first card', ...shown, bare: 'HTTP POST → SSE' },
      { hop: 'attempt started → session ready', ...ready, bare: 'node -e, spawn → first byte' },
    ],
  }

  /** From the instant the runner decided to start it to the event before its agent begins. */
  async function readyMs(task: string): Promise<number> {
    const { facts } = await it.task(task)
    const fact = facts.find(({ body }) => body.type === 'attempt_started')
    if (!fact) throw new Error(`${task} never started`)
    return saidAt(home, task, (event) => event.type === 'began') - fact.at
  }
}

const isOf = ({ message: { content } }: Change, label: string): boolean =>
  content.kind === 'card' && content.card.title === label

const toneOf = ({ message: { content } }: Change): string => (content.kind === 'card' ? content.card.tone : '')

function taskOf({ message: { content } }: Change): string {
  const button = content.kind === 'card' ? content.card.buttons[0] : undefined
  const id = button && parseActionId(button.id)
  if (!id) throw new Error('a card without a button')
  return id.task
}
