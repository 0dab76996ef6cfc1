// What Discord refuses although its description does not say so: 2,000 characters of content, 40 components and 4,000 shown characters
// of a message, ids that occur twice, mixtures of old and new components, files that were not uploaded. What is
// shown, and to whom a message makes a sound, is worked out here as well.

import { flat, type Component, type Message, type User, type World } from './world.ts'

const V2 = 1 << 15
export const EPHEMERAL = 1 << 6

export type Body = {
  content?: string | null
  flags?: number | null
  components?: Component[] | null
  attachments?: { id: string | number; filename?: string }[] | null
  embeds?: unknown[] | null
  allowed_mentions?: { parse?: string[]; users?: string[]; replied_user?: boolean } | null
  message_reference?: { message_id: string; channel_id?: string } | null
  nonce?: string | number | null
  enforce_nonce?: boolean | null
}

/** What is wrong with a message as it would be after this body; null when nothing is. */
export function wrongMessage(body: Body, before: Message | null, files: string[]): string | null {
  const flags = body.flags ?? before?.flags ?? 0
  const isV2 = (flags & V2) !== 0
  if (before && (before.flags & V2) !== 0 && body.flags !== undefined && !isV2)
    return 'the new components cannot be switched off'
  if ((body.content?.length ?? 0) > 2000) return `content has ${body.content?.length} characters, 2000 are allowed`
  const all = flat(body.components ?? [])
  if (isV2 && (body.content || (body.embeds?.length ?? 0) > 0))
    return 'content and embeds cannot be mixed with new components'
  if (!isV2 && all.some(({ type }) => [9, 10, 11, 12, 13, 14, 17].includes(type)))
    return 'new components need their flag'
  const isEmpty = !body.content && all.length === 0 && files.length === 0
  if (isEmpty && (!before || body.content === '' || body.components?.length === 0)) return 'a message cannot be empty'
  return wrongComponents(all) ?? wrongFiles(all, body, before, files)
}

function wrongComponents(all: Component[]): string | null {
  if (all.length > 40) return `${all.length} components, 40 are allowed`
  const shown = all.reduce((sum, one) => sum + shownChars(one), 0)
  if (shown > 4000) return `${shown} shown characters, 4000 are allowed`
  const ids = all.flatMap(({ custom_id }) => custom_id ?? [])
  if (new Set(ids).size < ids.length) return 'a custom_id occurs twice'
  const numbers = all.flatMap(({ id }) => id ?? [])
  if (new Set(numbers).size < numbers.length) return 'the id of a component occurs twice'
  for (const { type, components = [], options = [] } of all as (Component & {
    components?: Component[]
    options?: { value: string }[]
  })[]) {
    if (type === 1 && components.length > (components.some((one) => one.type !== 2) ? 1 : 5))
      return 'a row holds 5 buttons or 1 select'
    if (type === 1 && components.length === 0) return 'a row is empty'
    if (new Set(options.map(({ value }) => value)).size < options.length) return 'a value of a select occurs twice'
  }
  return null
}

const shownChars = ({ content, label }: Component): number =>
  (content?.length ?? 0) + (typeof label === 'string' ? label.length : 0)

function wrongFiles(all: Component[], { attachments }: Body, before: Message | null, files: string[]): string | null {
  const kept = attachments
    ? (before?.attachments ?? []).filter(({ id }) => attachments.some((one) => String(one.id) === id))
    : (before?.attachments ?? [])
  const names = [...files, ...kept.map(({ filename }) => filename)]
  const wanted = all.flatMap(({ file }) => (file as { url: string } | undefined)?.url ?? [])
  const missing = wanted.find((url) => !names.includes(url.replace('attachment://', '')))
  return missing === undefined ? null : `${missing} was not uploaded`
}

export function wrongForm({ components }: { components: Component[] }): string | null {
  if (components.length > 5) return `a form has ${components.length} components, 5 are allowed`
  const ids = flat(components).flatMap(({ custom_id }) => custom_id ?? [])
  if (new Set(ids).size < ids.length) return 'a custom_id occurs twice'
  for (const one of flat(components) as (Component & {
    min_values?: number
    max_values?: number
    options?: { value: string; default?: boolean }[]
    required?: boolean
  })[]) {
    if (one.type !== 3) continue
    const values = one.options?.map(({ value }) => value) ?? []
    if (new Set(values).size < values.length) return 'a value of a select occurs twice'
    const chosen = one.options?.filter((option) => option.default).length ?? 0
    if ((one.max_values ?? 1) > (one.options?.length ?? 0)) return 'a select allows more values than it has'
    if (chosen > (one.max_values ?? 1)) return 'a select has more defaults than it allows values'
    if (one.required !== false && one.min_values === 0) return 'a required select cannot allow no value'
  }
  return null
}

/** All that is read in a message. */
export const shownIn = ({ content, components }: Pick<Body, 'content' | 'components'>): string =>
  [content ?? '', ...flat(components ?? []).map((one) => one.content ?? '')].filter((text) => text !== '').join('\n')

/** Who hears a sound: those named in it, in code or not, and allowed; nothing said means all. */
export function pingedBy(
  { allowed_mentions: allowed, ...body }: Body,
  reference: Message | null,
  world: World,
): string[] {
  const text = shownIn({ content: body.content ?? '', components: body.components ?? [] })
  const named = [...text.matchAll(/<@!?(\d+)>/gu)].map(([, id]) => id ?? '')
  const everybody =
    /@(everyone|here)/u.test(text) && (!allowed || allowed.parse?.includes('everyone')) ? ['everyone'] : []
  const may = (id: string): boolean =>
    !allowed || allowed.parse?.includes('users') === true || allowed.users?.includes(id) === true
  const replied = reference && (allowed ? allowed.replied_user === true : true) ? [reference.author.id] : []
  return [...everybody, ...new Set([...named.filter((id) => world.users.has(id) && may(id)), ...replied])]
}

export const mentionsIn = (text: string, world: World): User[] =>
  [...text.matchAll(/<@!?(\d+)>/gu)].flatMap(([, id]) => world.users.get(id ?? '') ?? [])
