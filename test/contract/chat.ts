// What every chat keeps to, whatever its platform. An adapter's test gives a `Driver`: the chat over a local server or store,
// and a person's hands and eyes in it. What a platform cannot do it says in its limits; then that part is not asked for.

import { describe, expect, onTestFinished, test } from 'vitest'
import type { CatchUp, Chat, Inbound, Reply } from '../../src/bot/chat.ts'
import type { Button, Card } from '../../src/task/card.ts'
import type { MessageRef, Place } from '../../src/task/words.ts'

export type Driver = {
  chat: Chat
  place: Place
  /** What a person does; resolves with what only they are told, once the platform was answered. */
  types(text: string, thread?: string, key?: string): Promise<Reply>
  clicks(ref: MessageRef, button: Button, values?: Record<string, string>, key?: string): Promise<Reply>
  /** What a person sees. */
  titleOf(ref: MessageRef): Promise<string | null>
  countIn(place: Place): Promise<number>
  markOn(ref: MessageRef): Promise<string | null>
  deletes?(ref: MessageRef): Promise<void>
  close(): Promise<void>
}

const STOP: Button = { id: 'v1:stop:t1::', label: 'Stop', style: 'danger' }
const DENY: Button = {
  id: 'v1:vote:t1:r1:deny',
  label: 'Deny…',
  form: { title: 'Deny', submit: 'Deny', fields: [{ id: 'reason', label: 'Why?', required: false }] },
}
const card = (title: string): Card => ({
  tone: 'working',
  title,
  body: [{ kind: 'line', parts: ['working since ', { at: 1_000 }] }],
  buttons: [STOP, DENY],
  mention: [],
})

/** For a chat that has read everything and has no cards of tasks. */
export const NOTHING_MISSED: CatchUp = {
  threads: async () => [],
  cursor: async () => null,
  reached: async () => {},
  form: async () => null,
}

/** What a button asks for is known by its id, wherever its card is. */
const FORMS_KNOWN: CatchUp = {
  ...NOTHING_MISSED,
  form: async (id) => (id === DENY.id ? (DENY.form ?? null) : null),
}

export function chatContract(name: string, make: () => Promise<Driver>): void {
  describe(`${name} keeps to what every chat keeps to:`, () => {
    /** A chat that is on, and what it was given. `answer` is what the bot says to each event. */
    async function on(answer: (event: Inbound) => Promise<Reply> = async () => ({ kind: 'none' })) {
      const driver = await make()
      const received: Inbound[] = []
      await driver.chat.start(async (event) => {
        received.push(event)
        return answer(event)
      }, FORMS_KNOWN)
      onTestFinished(async () => {
        await driver.chat.stop()
        await driver.close()
      })
      return { ...driver, received }
    }

    test('a card is posted where it belongs, and found again by its key', async () => {
      const { chat, place, titleOf, countIn } = await on()
      const root = await chat.post(place, card('one'), 't1:status')
      const thread = { ...place, thread: root.id }
      const hanging = await chat.post(thread, card('two'), 't1:request:a')
      expect(await titleOf(root)).toBe('one')
      expect(await titleOf(hanging)).toBe('two')
      expect(await countIn(place)).toBe(1)
      expect(await chat.find(place, 't1:status')).toEqual(root)
      expect(await chat.find(thread, 't1:request:a')).toEqual(hanging)
      expect(await chat.find(place, 't1:never-posted')).toBeNull()
    })

    test('a post that is looked up before it is repeated does not double', async () => {
      const { chat, place, countIn } = await on()
      const first = await chat.post(place, card('one'), 't1:status')
      const again = (await chat.find(place, 't1:status')) ?? (await chat.post(place, card('one'), 't1:status'))
      expect(again).toEqual(first)
      expect(await countIn(place)).toBe(1)
    })

    test('a card is edited in place, and one that is gone is said to be gone', async () => {
      const { chat, place, titleOf, countIn, deletes } = await on()
      const ref = await chat.post(place, card('before'), 't1:status')
      expect(await chat.edit(ref, card('after'))).toBe('edited')
      expect(await titleOf(ref)).toBe('after')
      expect(await countIn(place)).toBe(1)
      if (deletes) await deletes(ref)
      expect(await chat.edit(deletes ? ref : { ...ref, id: '999999' }, card('later'))).toBe('gone')
    })

    test('a command arrives as what follows /bg, with who, where, and the message it was said in', async () => {
      const { types, received, place } = await on()
      expect(await types('/bg start Fix it\nplease')).toEqual({ kind: 'none' })
      expect(received).toEqual([
        expect.objectContaining({
          kind: 'command',
          text: 'start Fix it\nplease',
          place: expect.objectContaining(place),
        }),
      ])
      expect(received[0]?.actor.chat).toBe(place.chat)
    })

    test('words in a thread are a reply there; words outside of one are none', async () => {
      const { chat, types, received, place } = await on()
      const root = await chat.post(place, card('one'), 't1:status')
      await types('keep the old names', root.id)
      await types('hello everybody')
      expect(received.map((event) => [event.kind, event.place.thread])).toEqual([['reply', root.id]])
    })

    test('a click brings the button’s id and what was filled in, and its person alone is told the answer', async () => {
      const { chat, clicks, received, place, countIn } = await on(async () => ({ kind: 'refused', text: 'Not you.' }))
      const ref = await chat.post(place, card('one'), 't1:status')
      expect(await clicks(ref, DENY, { reason: 'enough' })).toEqual({ kind: 'refused', text: 'Not you.' })
      expect(received).toEqual([expect.objectContaining({ kind: 'click', id: DENY.id, values: { reason: 'enough' } })])
      expect(await countIn(place)).toBe(1)
    })

    test('what is delivered twice carries one key, and a person’s words stand there once', async () => {
      const { chat, types, clicks, received, place, countIn } = await on()
      const ref = await chat.post(place, card('one'), 't1:status')
      for (const _ of [1, 2]) await types('/bg tasks', undefined, 'delivery-1')
      for (const _ of [1, 2]) await clicks(ref, STOP, {}, 'delivery-2')
      expect(new Set(received.map((event) => event.key)).size).toBe(2)
      expect(await countIn(place)).toBe(2)
    })

    test('a person’s message is marked when we have it and when the agent has it, and never goes back', async () => {
      const { chat, types, received, place, markOn } = await on()
      if (!chat.limits.marks) return
      const root = await chat.post(place, card('one'), 't1:status')
      await types('keep the old names', root.id)
      const [event] = received
      if (event?.kind !== 'reply') throw new Error('no reply arrived')
      for (const mark of ['received', 'delivered', 'received'] as const) await chat.mark(event.source, mark)
      expect(await markOn(event.source)).toBe('delivered')
    })

    test('its health says whether it receives', async () => {
      const { chat } = await on()
      expect(chat.health().state).toBe('live')
      await chat.stop()
      expect(chat.health().state).toBe('down')
    })
  })
}
