// What arrives, brought to the bot, and its answer to whoever acted: in the journal first, then acknowledged, in time in any case.

import type { CatchUp, Inbound, Reply } from '../../../bot/chat.ts'
import type { Answers, Asker } from './answers.ts'
import { messagesOf } from './answers.ts'
import type { Cursor } from './cursor.ts'
import { notice, unanswered, valuesOf } from './forms.ts'
import {
  ASK_AGAIN,
  CHAT,
  isDirect,
  mentioned,
  messageKey,
  placeOf,
  startsWithPrefix,
  threadOf,
  withoutPrefix,
  type Heard,
  type Submitted,
  type Whence,
  type Words,
} from './inbound.ts'
import { ACKNOWLEDGE_MS } from './limits.ts'
import { inOrder } from './order.ts'
import { within, type People } from './people.ts'
import type { Room } from './room.ts'
import type { Threads } from './threads.ts'

export type Receive = (event: Inbound) => Promise<Reply>
/** Resolves with whether Slack could be told. */
export type Acknowledge = (answer?: object) => Promise<boolean>

const FAILED: Reply = { kind: 'refused', text: 'Something went wrong here and nothing was done: please try again.' }
const NO_FILES: Reply = { kind: 'text', text: 'The words were passed on; files are not: say what matters in words.' }
/** What is missing is said, because what was asked for may be about it. */
const UNREAD = 'What was said before in this thread could not be read.'
const SAID_MS_MAX = 8_000
const PICK_ONE = 'Choose one of these, or write it in your own words.'
/** For deliveries that come again; the journal decides, this only spares it the question and people the answer. */
const RECENT_MAX = 2_000

type Make = (who: Pick<Inbound, 'key' | 'actor' | 'groups'>) => Inbound | Promise<Inbound>

type Parts = {
  room: Room
  people: People
  threads: Threads
  answers: Answers
  cursor: Cursor
  receive: Receive
  catchUp: CatchUp
  /** Somebody asked for something in a channel, and can be told there even if we are not in it. */
  asked: (channel: string, respond: string | null) => void
}

export type Hearing = ReturnType<typeof hearing>

export function hearing({ room, people, threads, answers, cursor, receive, catchUp, asked }: Parts) {
  const recent = new Map<string, Promise<Reply>>()
  const inTurn = inOrder()
  const { log, us } = room

  async function handOn({ key, user, name }: Whence, make: Make): Promise<Reply> {
    const [actor, groups] = await Promise.all([people.actor(user, name), people.groups(user)])
    return receive(await make({ key, actor, groups }))
  }

  /** Hands something on once, however often it comes; whoever comes second hears no answer. */
  async function bring(whence: Whence, make: Make): Promise<Reply> {
    const { key } = whence
    const before = recent.get(key)
    if (before) return before
    const brought = handOn(whence, make)
    if (recent.size >= RECENT_MAX) recent.delete(recent.keys().next().value ?? '')
    const told = brought.then((): Reply => ({ kind: 'none' }))
    told.catch(() => recent.delete(key))
    recent.set(key, told)
    return brought
  }

  /** Acknowledges in time, with the answer where there already is one and it can be told with the acknowledgement. */
  async function settle(asker: Asker, ack: Acknowledge, work: Promise<Reply>, inline: boolean): Promise<Reply> {
    const safe = work.catch((error: unknown) => {
      log.error({ err: error }, 'what somebody did in the chat failed')
      return FAILED
    })
    const inTime = await within(safe, ACKNOWLEDGE_MS, null)
    const [only, ...others] = inTime === null ? [] : messagesOf(inTime)
    if (inline && only && others.length === 0) {
      const told = await ack({ response_type: 'ephemeral', text: only.text, blocks: only.blocks })
      if (told) return inTime ?? FAILED
    } else await ack()
    const reply = await safe
    await answers.tell(asker, reply)
    return reply
  }

  const askerOf = (
    { user, place }: Whence,
    { respond = null, trigger = null, home = false }: Partial<Asker>,
  ): Asker => ({
    user,
    place,
    respond,
    trigger,
    home,
  })

  async function command(said: Extract<Heard, { kind: 'command' }>, ack: Acknowledge): Promise<void> {
    asked(said.place.channel, said.respond)
    const work = bring(said, (who) => ({ kind: 'command', ...who, place: said.place, text: said.text }))
    await settle(askerOf(said, said), ack, work, true)
  }

  async function click(clicked: Extract<Heard, { kind: 'click' }>, ack: Acknowledge): Promise<void> {
    const work = formOrDeed(clicked)
    if (clicked.home) return atHome(clicked, ack, work)
    const reply = await settle(askerOf(clicked, clicked), ack, work, false)
    if (clicked.ephemeral && clicked.respond !== null && reply.kind === 'none') await answers.dismiss(clicked.respond)
  }

  /** What a button asks for first, or what it does; where that cannot be told, nothing is done. */
  async function formOrDeed(clicked: Extract<Heard, { kind: 'click' }>): Promise<Reply> {
    const form = clicked.asksFirst ? await catchUp.form(clicked.id) : null
    if (form) return { kind: 'form', id: clicked.id, form }
    return bring(clicked, async (who) =>
      clicked.id === ASK_AGAIN
        ? { kind: 'command', ...who, place: clicked.place, text: '', ...(await saidIn(clicked.place)) }
        : { kind: 'click', ...who, place: clicked.place, id: clicked.id, values: {} },
    )
  }

  /** Their home is drawn anew, with what came of the click. */
  async function atHome(clicked: Whence, ack: Acknowledge, work: Promise<Reply>): Promise<void> {
    const safe = work.catch(() => FAILED)
    await within(safe, ACKNOWLEDGE_MS, null)
    await ack()
    const reply = await safe
    if (reply.kind === 'form') return answers.open(askerOf(clicked, { ...clicked, home: true }), reply.id, reply.form)
    await drawHome(clicked, reply.kind === 'refused' || reply.kind === 'text' ? rawText(reply) : null)
  }

  /** Asked for each time: it is a look, and the second one is as good as the first. */
  async function drawHome(whose: Whence, note: string | null): Promise<void> {
    const mine = await handOn({ ...whose, key: `mine:${whose.key}` }, (who) => ({
      kind: 'command',
      ...who,
      place: placeOf(whose.user),
      text: 'mine',
    }))
    await answers.publish(whose.user, mine, note)
  }

  async function submit(sent: Extract<Heard, { kind: 'submit' }>, ack: Acknowledge): Promise<void> {
    const missing = unanswered(sent.values)
    if (missing !== null) return void (await ack({ response_action: 'errors', errors: { [missing]: PICK_ONE } }))
    const work = bring(sent, async (who) => {
      const form = await catchUp.form(sent.id).catch(() => null)
      return { kind: 'click', ...who, place: sent.place, id: sent.id, values: valuesOf(sent.values, form) }
    }).catch((error: unknown) => {
      log.error({ err: error }, 'a form that was sent failed')
      return FAILED
    })
    const inTime = await within(work, ACKNOWLEDGE_MS, null)
    // It stays open under the same key: what is mended and sent again is another try.
    if (inTime?.kind === 'refused') recent.delete(sent.key)
    const [field] = Object.keys(sent.values)
    // What was typed stays there, below the reason why it was not taken.
    if (inTime?.kind === 'refused' && field !== undefined)
      await ack({ response_action: 'errors', errors: { [field]: inTime.text } })
    else if (inTime?.kind === 'refused' || inTime?.kind === 'text')
      await ack({ response_action: 'update', view: notice(rawText(inTime)) })
    else await ack()
    if (inTime === null || inTime.kind === 'cards')
      await answers.tell(askerOf(sent, {}), withTyped(await work, sent.values))
    if (sent.home) await drawHome(sent, null)
  }

  async function shortcut(used: Extract<Heard, { kind: 'shortcut' }>, ack: Acknowledge): Promise<void> {
    asked(used.place.channel, used.respond)
    const work = bring(used, async (who) => ({
      kind: 'command',
      ...who,
      place: used.place,
      text: '',
      said: [await threads.saidBy(used.message)],
    }))
    await settle(askerOf(used, used), ack, work, false)
  }

  /** Words of a person. Rejects when the journal does not have them; then they come again. */
  function words(said: Words): Promise<void> {
    const { channel, message } = said
    const thread = threadOf(said)
    return inTurn(`${channel}:${thread ?? ''}`, message.ts, () => hand(said, thread))
  }

  async function hand({ user, channel, message }: Words, thread: string | undefined): Promise<void> {
    const { ts, text } = message
    const whence: Whence = { key: messageKey(channel, ts), user, name: null, place: placeOf(channel, thread) }
    const source = { chat: CHAT, channel, id: ts }
    const mention = mentioned(text, us().user)
    const ours = thread !== undefined && (await threads.isOurs(channel, thread, message.parent_user_id))
    const asCommand = mention ?? (startsWithPrefix(text) && (ours || isDirect(channel)) ? withoutPrefix(text) : null)
    const wanted = asCommand ?? (!ours && isDirect(channel) ? withoutPrefix(text) : null)
    if (wanted === null && !ours) return
    if (ours) cursor.begin(ts)
    const isNew = !recent.has(whence.key)
    const reply = await bring(whence, async (who) =>
      wanted === null
        ? { kind: 'reply', ...who, place: whence.place, text: await threads.textOf(text), source }
        : {
            kind: 'command',
            ...who,
            place: whence.place,
            text: await threads.textOf(wanted),
            source,
            ...(await saidIn(whence.place, ts)),
          },
    )
    if (ours) await cursor.end(ts)
    const told = reply.kind === 'none' && isNew && message.files?.length ? NO_FILES : reply
    // The journal has it: the delivery does not wait until its person was told.
    void answers.tell(askerOf(whence, {}), told).catch((error: unknown) => {
      log.warn({ err: error }, 'somebody could not be told an answer')
    })
  }

  async function saidIn(
    { channel, thread }: Inbound['place'],
    before?: string,
  ): Promise<{ said?: Awaited<ReturnType<Threads['before']>> }> {
    if (thread === undefined) return {}
    // A form has its three seconds; and behind words that wait here wait others, of which one may be a stop.
    const reading = threads.before(channel, thread, before).catch((error: unknown) => {
      log.warn({ err: error }, 'a thread could not be read')
      return null
    })
    const said = await within(reading, before === undefined ? ACKNOWLEDGE_MS : SAID_MS_MAX, null)
    if (said === null && before !== undefined)
      return { said: [{ author: { chat: CHAT, id: us().user, name: us().name }, groups: [], text: UNREAD }] }
    return said && said.length > 0 ? { said } : {}
  }

  return {
    command,
    click,
    submit,
    shortcut,
    words,
    home: (opened: Whence): Promise<void> => drawHome(opened, null),
  }
}

/** A form that is closed has taken along what was typed. */
function withTyped(reply: Reply, values: Submitted): Reply {
  const typed = Object.values(values).flatMap(({ value }) => value ?? [])
  return reply.kind === 'refused' && typed.length > 0
    ? { ...reply, text: `${reply.text}\n\nYou wrote: ${typed.join('\n')}` }
    : reply
}

const rawText = (reply: Extract<Reply, { kind: 'refused' | 'text' }>): string =>
  [reply.text, reply.kind === 'text' ? (reply.code ?? '') : ''].filter((part) => part !== '').join('\n\n')
