// Masks secrets in all that leaves this machine: the same chat, in which cards, answers and forms carry none. Where it cannot be
// told what is secret, nothing is posted.

import type { Block, Button, Card, Form, Part } from '../task/card.ts'
import type { Field } from '../task/request.ts'
import type { Chat, Reply } from './chat.ts'

/** `text` with every secret in it masked; rejects where that cannot be told. */
export type Mask = (text: string) => Promise<string>
type Turn = (text: string) => string

const EDIT_ELSEWHERE = 'What could be edited here holds a secret: edit it on the local page.'

/** `chat` for what may leave this machine. */
export function maskedChat(chat: Chat, mask: Mask): Chat {
  return {
    id: chat.id,
    limits: chat.limits,
    start: (receive, catchUp) =>
      chat.start(async (event) => maskedReply(await receive(event), mask), {
        ...catchUp,
        form: async (button) => {
          const form = await catchUp.form(button)
          return form && turned(form, turnForm, mask)
        },
      }),
    post: async (place, card, key) => chat.post(place, await maskedCard(card, mask), key),
    stop: () => chat.stop(),
    health: () => chat.health(),
    find: (place, key) => chat.find(place, key),
    mark: (ref, mark) => chat.mark(ref, mark),
    edit: async (ref, card) => chat.edit(ref, await maskedCard(card, mask)),
  }
}

async function maskedReply(reply: Reply, mask: Mask): Promise<Reply> {
  switch (reply.kind) {
    case 'none':
      return reply
    case 'refused':
      return { ...reply, text: await mask(reply.text) }
    case 'text':
      return {
        ...reply,
        text: await mask(reply.text),
        ...(reply.code !== undefined && { code: await mask(reply.code) }),
      }
    case 'cards':
      return {
        ...reply,
        text: await mask(reply.text),
        cards: await Promise.all(reply.cards.map((card) => maskedCard(card, mask))),
      }
    case 'form':
      return { ...reply, form: await turned(reply.form, turnForm, mask) }
  }
}

export async function maskedCard(card: Card, mask: Mask): Promise<Card> {
  const masked = await turned(card, turnCard, mask)
  // What a person would send back with a hole in it is not offered.
  const whole = masked.buttons.filter((button, index) => prefills(button) === prefills(card.buttons[index]))
  if (whole.length === masked.buttons.length) return masked
  return { ...masked, buttons: whole, body: [...masked.body, { kind: 'line', parts: [EDIT_ELSEWHERE] }] }
}

const prefills = (button: Button | undefined): string =>
  (button?.form?.fields ?? []).map(({ prefill = '' }) => prefill).join('\n')

/** Between texts that are masked together. What an agent says may have it, too. */
const BETWEEN = '\n\u0001\n'

/** Gathers all texts, asks for all of them at once, and puts them back. */
async function turned<T>(thing: T, turn: (thing: T, f: Turn) => T, mask: Mask): Promise<T> {
  const texts = new Set<string>()
  turn(thing, (text) => {
    texts.add(text)
    return text
  })
  const all = [...texts]
  // With a boundary of its own, a text could put part of itself where a line or a button of ours stands.
  const isApart = all.some((text) => text.includes(BETWEEN.trim()))
  const together = isApart ? [] : (await mask(all.join(BETWEEN))).split(BETWEEN)
  // A secret that seems to go on from one text into the next took the boundary with it.
  const each = together.length === all.length ? together : await Promise.all(all.map(mask))
  const masked = new Map(all.map((text, index) => [text, each[index] ?? '']))
  return turn(thing, (text) => masked.get(text) ?? '')
}

const turnCard = (card: Card, f: Turn): Card => ({
  ...card,
  title: f(card.title),
  body: card.body.map((block) => turnBlock(block, f)),
  buttons: card.buttons.map((button) => ({
    ...button,
    label: f(button.label),
    ...(button.form && { form: turnForm(button.form, f) }),
  })),
  ...(card.thread && { thread: { ...card.thread, name: f(card.thread.name) } }),
})

function turnBlock(block: Block, f: Turn): Block {
  switch (block.kind) {
    case 'line':
      return { ...block, parts: block.parts.map((part) => turnPart(part, f)) }
    case 'words':
      return { ...block, text: f(block.text) }
    case 'code':
      return { ...block, text: f(block.text), ...(block.title !== undefined && { title: f(block.title) }) }
    case 'checklist':
      return { ...block, items: block.items.map((item) => ({ ...item, text: f(item.text) })) }
  }
}

function turnPart(part: Part, f: Turn): Part {
  if (typeof part === 'string') return f(part)
  if ('code' in part) return { code: f(part.code) }
  if ('strong' in part) return { strong: f(part.strong) }
  if ('message' in part) return { ...part, text: f(part.text) }
  if ('file' in part) return { file: { ...part.file, path: f(part.file.path) } }
  return part
}

const turnForm = (form: Form, f: Turn): Form => ({
  ...form,
  title: f(form.title),
  submit: f(form.submit),
  ...(form.says !== undefined && { says: f(form.says) }),
  fields: form.fields.map((field) => turnField(field, f)),
})

const turnField = (field: Field, f: Turn): Field => ({
  ...field,
  label: f(field.label),
  ...(field.prefill !== undefined && { prefill: f(field.prefill) }),
  ...(field.choices && {
    choices: field.choices.map((one) => ({
      ...one,
      label: f(one.label),
      ...(one.description !== undefined && { description: f(one.description) }),
    })),
  }),
})
