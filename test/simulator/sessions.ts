// The runner's side of session processes, as src/runner/sessions.ts promises it: start, attach, deliver, stop, and nobody is
// called gone who lives. When things happen is for the scheduler to say: everything that may happen next is a move.

import type { Delivery, Handlers } from '../../src/runner/attachment.ts'
import type { SessionEvent } from '../../src/runner/protocol.ts'
import type { Begin, Sessions } from '../../src/runner/sessions.ts'
import type { TaskId } from '../../src/task/words.ts'
import { die, type Move } from './agent.ts'
import type { Process, World } from './world.ts'

type Attachment = {
  task: TaskId
  attempt: number
  seq: number
  ended: boolean
  handlers: Handlers
  messages: Map<string, Delivery>
  told: Set<string>
}

const RETOLD_MAX = 3
const TERMINAL = new Set(['completed', 'failed', 'stopped'])

export type SessionsSide = {
  port: Sessions
  /** What may reach the runner, or a session from it, next. `patient`: only what happens by itself, no giving up. */
  moves(): Move[]
}

/** One runner's connections: they die with it, the processes do not. */
export function sessionsOf(world: World, resumes: (task: TaskId) => boolean): SessionsSide {
  const attachments = new Map<string, Attachment>()
  const stopping = new Set<string>()
  /** What was told to this runner: it must not mind being told again, however late. */
  const told: { id: string; attachment: Attachment; event: SessionEvent }[] = []

  function start(spec: Begin): void {
    world.trace.push(`  spawned ${spec.task}#${spec.attempt}${spec.resume ? ' to resume' : ''}`)
    const fresh = { life: 'unborn', givenUp: false, over: false, stopAsked: false } as const
    const answers = spec.answers.map((answer) => ({ kind: 'answer', id: answer.request, answer }) as const)
    const guidance = spec.guidance.map(({ id }) => ({ kind: 'guidance', id }) as const)
    const inbox = [...answers, ...guidance]
    const lists = { events: [], given: inbox.map((one) => one.id), inbox, pending: [] }
    world.processes.push({ spec, resumes: resumes(spec.task), ...fresh, ...lists })
  }

  function attach(task: TaskId, attempt: number, after: number, handlers: Handlers): void {
    const fresh = { ended: false, messages: new Map(), told: new Set<string>() }
    attachments.set(key(task, attempt), { task, attempt, seq: after, handlers, ...fresh })
  }

  function deliver(task: TaskId, attempt: number, message: Delivery): void {
    attachments
      .get(key(task, attempt))
      ?.messages.set('answer' in message ? message.answer.request : message.guide.id, message)
  }

  function stop(task: TaskId, attempt: number): void {
    const process = processOf(world, task, attempt)
    if (!process || process.life === 'unborn') giveUp(world, task, attempt)
    else stopping.add(key(task, attempt))
  }

  function moves(): Move[] {
    const attached = [...attachments.values()].flatMap(attachedMoves)
    const stops = [...stopping].flatMap((id): Move[] => {
      const process = world.processes.find((one) => key(one.spec.task, one.spec.attempt) === id)
      if (process?.life !== 'alive') return []
      const asks = { what: `${id} is asked to stop`, kind: true, do: () => void (process.stopAsked = true) }
      const kills = { what: `${id} is killed, because it does not stop`, kind: false, do: () => die(process) }
      return process.stopAsked ? [kills] : [asks]
    })
    const again = told.slice(-RETOLD_MAX).map(({ id, attachment, event }) => ({
      what: `${id} is heard once more: ${event.type}`,
      kind: false,
      do: () => void attachment.handlers.event(event),
    }))
    return [...attached, ...stops, ...again]
  }

  function attachedMoves(attachment: Attachment): Move[] {
    const { task, attempt, seq, handlers } = attachment
    const id = key(task, attempt)
    const process = processOf(world, task, attempt)
    const next = process?.events.find((event) => event.seq > seq)
    if (next)
      return [
        { what: `${id} is heard: ${next.type}`, kind: true, do: () => hear(attachment, next) },
        ...tells(attachment, process),
      ]
    if (process && !process.givenUp && process.life === 'alive') return tells(attachment, process)
    const unborn = !process || (process.life === 'unborn' && !process.givenUp)
    const gone = (): void => {
      if (unborn) giveUp(world, task, attempt)
      attachments.delete(id)
      const began = (process?.events.length ?? 0) > 0
      void handlers.gone({
        began,
        ended: attachment.ended,
        reason: `Its session process ${began ? 'ended unexpectedly' : 'did not start'}.`,
      })
    }
    // While a spawned process may still be born, giving it up is only a possibility.
    return [{ what: `${id} is found gone`, kind: process?.life !== 'unborn' || process.givenUp, do: gone }]
  }

  function tells(attachment: Attachment, process: Process | undefined): Move[] {
    if (process?.life !== 'alive') return []
    return [...attachment.messages].flatMap(([id, message]): Move[] =>
      attachment.told.has(id)
        ? [
            {
              what: `${id} reaches ${key(attachment.task, attachment.attempt)} once more`,
              kind: false,
              do: () => take(process, id, message),
            },
          ]
        : [
            {
              what: `${id} reaches ${key(attachment.task, attachment.attempt)}`,
              kind: true,
              do: () => {
                attachment.told.add(id)
                take(process, id, message)
              },
            },
          ],
    )
  }

  function hear(attachment: Attachment, event: SessionEvent): void {
    told.push({ id: key(attachment.task, attachment.attempt), attachment, event })
    attachment.seq = event.seq
    attachment.ended ||= TERMINAL.has(event.type)
    void attachment.handlers.event(event)
  }

  // The port is a class with private parts; what a runner asks of it is this much.
  const port = { start, attach, deliver, stop, close: () => attachments.clear() } as unknown as Sessions
  return { port, moves }
}

/** Each thing once, however often it is told. */
function take(process: Process, id: string, message: Delivery): void {
  if (process.given.includes(id)) return
  process.given.push(id)
  process.inbox.push('answer' in message ? { kind: 'answer', id, answer: message.answer } : { kind: 'guidance', id })
}

/** Nobody owns the attempt, and from now on nobody ever will. */
function giveUp(world: World, task: TaskId, attempt: number): void {
  const process = processOf(world, task, attempt)
  if (process) process.givenUp = true
}

const key = (task: TaskId, attempt: number): string => `${task}#${attempt}`

const processOf = (world: World, task: TaskId, attempt: number): Process | undefined =>
  world.processes.find((one) => one.spec.task === task && one.spec.attempt === attempt)
