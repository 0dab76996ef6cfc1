// What a session asks, until its card is there; and a click on it, until the card says that the session has the answer.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Card } from '../../src/task/card.ts'
import { parseActionId, type ActionId } from '../../src/task/action-id.ts'
import { saidAt } from './attempt.ts'
import { bare } from './bare.ts'
import { newHome } from './rubble.ts'
import type { Found, Size } from './samples.ts'
import { up, type Change } from './up.ts'

/** As many as a long piece of work has. */
const ASKS_PER_TASK = 10
/** Nobody answers before they have read; until then what is to be done about the card is done. */
const READ_MS = 100
/** What the agent does between two questions. */
const WORK_MS = 150

export async function asks({ asks: count }: Size): Promise<Found> {
  const home = newHome()
  const hops = await bare()
  const it = await up(home)
  const asked = { ours: [] as number[], bareMs: [] as number[] }
  const clicked = { ours: [] as number[], bareMs: [] as number[] }

  for (let done = 0, task = 0; done < count; task++) {
    it.stream.forget()
    const inTask = Math.min(ASKS_PER_TASK, count - done)
    const titles = Array.from({ length: inTask }, (_, index) => `Go on ${task}.${index}?`)
    const script = titles.flatMap((title) => [`question ${title} yes | no`, `work ${WORK_MS}ms Working`])
    await it.say(`/bg start --agent demo --here --label task-${task}\n${[...script, 'done Done'].join('\n')}`)
    for (const title of titles) {
      const card = await it.stream.first((change) => voteOf(change, title) !== null, `the card of ${title}`)
      const vote = voteOf(card.data, title)
      if (!vote) throw new Error(`${title} cannot be answered`)
      await sleep(READ_MS)
      const { id, thread } = card.data.message
      const began = performance.now()
      await it.click(vote.button, thread)
      const isDelivered = ({ message }: Change): boolean => message.id === id && says(message.content, ' · delivered')
      const delivered = await it.stream.first(isDelivered, `${title} is delivered`)
      asked.ours.push(
        card.wall - saidAt(home, vote.task, (event) => event.type === 'requested' && event.ask.id === vote.request),
      )
      asked.bareMs.push(await hops.ask())
      clicked.ours.push(delivered.at - began)
      clicked.bareMs.push(await hops.round())
    }
    done += inTask
  }

  return {
    hops: [
      { hop: 'ask → card (±1)', ...asked, bare: 'line over a unix socket → SSE' },
      { hop: 'click → delivered', ...clicked, bare: 'HTTP POST → line there → line back → SSE' },
    ],
  }
}

/** The first button of the open request with this title. */
function voteOf({ message: { content } }: Change, title: string): (ActionId & { button: string }) | null {
  if (content.kind !== 'card' || content.card.title !== title) return null
  const button = content.card.buttons[0]
  const id = button && parseActionId(button.id)
  return button && id?.action === 'vote' ? { ...id, button: button.id } : null
}

const says = (content: Change['message']['content'], words: string): boolean =>
  content.kind === 'card' && linesOf(content.card).some((part) => part === words)

const linesOf = ({ body }: Card): unknown[] => body.flatMap((block) => (block.kind === 'line' ? block.parts : []))
