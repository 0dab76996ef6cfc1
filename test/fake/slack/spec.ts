// What Slack itself says about its Web API and its blocks, held against every call we make. The files are not ours: they lie
// beside the project (or where BACKCHANNEL_SPECS says) or nowhere, and then nothing is checked and tests say so.
import fs from 'node:fs'
import path from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'

const FOLDER = process.env['BACKCHANNEL_SPECS'] ?? path.join(import.meta.dirname, '../../../../shared/specs')

/** Whether there is something to check against. */
export const HAS_SPECS = fs.existsSync(path.join(FOLDER, 'slack-web-api.json'))

type Property = { type?: string; enum?: string[]; anyOf?: Property[]; allOf?: Property[]; minimum?: number }
export type Method = {
  scope?: { bot?: string[] }
  rate_limits?: string
  args?: { required?: string[]; properties: Record<string, Property> }
  errors?: Record<string, unknown>
}

/** Errors that every method may answer, and so are not listed with each. */
const COMMON = new Set(
  'invalid_auth not_authed token_revoked token_expired account_inactive missing_scope not_allowed_token_type ratelimited fatal_error internal_error invalid_arguments user_not_found channel_not_found service_unavailable request_timeout'.split(
    ' ',
  ),
)

/** Characters of blocks as `msg_blocks_too_long` was seen to count them. */
export const BLOCK_CHARS_MAX = 13_200
const BLOCKS_MAX = { message: 50, modal: 100, home: 100 }
const MODAL_TITLE_CHARS_MAX = 24
const PRIVATE_METADATA_CHARS_MAX = 3_000
const OPTIONS_MAX = 100
/** From the errors of views.open. */
const VIEW_BYTES_MAX = 250_000

export const METHODS: Record<string, Method> = HAS_SPECS
  ? (
      JSON.parse(fs.readFileSync(path.join(FOLDER, 'slack-web-api.json'), 'utf8')) as {
        methods: Record<string, Method>
      }
    ).methods
  : {}

/** The official schema of app manifests. */
export const manifestSchema = (): object =>
  JSON.parse(fs.readFileSync(path.join(FOLDER, 'slack-manifest.schema.json'), 'utf8')) as object

const definitions = HAS_SPECS
  ? (JSON.parse(fs.readFileSync(path.join(FOLDER, 'slack-blocks.schema.json'), 'utf8')) as object)
  : null
const ajv = definitions ? new Ajv({ strict: false, allErrors: true }).addSchema(definitions, 'blocks') : null
const shapes = new Map<string, ValidateFunction>()

/** What is wrong with the arguments of a call, as sentences. Arguments come as the strings of a form. */
export function wrongCall(method: string, args: Record<string, string>): string[] {
  if (!HAS_SPECS) return []
  const known = METHODS[method]
  if (!known) return [`${method} is no method of Slack`]
  const properties = known.args?.properties ?? {}
  // The description has every argument but this one, which the client sends with all calls of a workspace.
  const strange = Object.keys(args).filter((name) => !(name in properties) && name !== 'team_id')
  const missing = (known.args?.required ?? []).filter((name) => name !== 'token' && args[name] === undefined)
  return [
    ...(known.args ? strange.map((name) => `${method} takes no argument ${name}`) : []),
    ...missing.map((name) => `${method} needs the argument ${name}`),
    ...Object.entries(args).flatMap(([name, value]) => wrongValue(`${method}.${name}`, value, properties[name])),
  ]
}

function wrongValue(where: string, value: string, property: Property | undefined): string[] {
  if (!property) return []
  if (property.anyOf)
    return property.anyOf.some((one) => wrongValue(where, value, one).length === 0)
      ? []
      : [`${where} is ${value}, which is none of what it may be`]
  if (property.enum && !property.enum.includes(value))
    return [`${where} is ${value}, not one of ${property.enum.join(', ')}`]
  switch (property.type) {
    case 'boolean':
      return /^(true|false|0|1)$/u.test(value) ? [] : [`${where} is ${value}, not true or false`]
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/u.test(value) ? [] : [`${where} is ${value}, not a number`]
    case 'array':
      return isJson(value) || /^[\w,-]+$/u.test(value) ? [] : [`${where} is no list`]
    case 'null':
      return [`${where} is not null`]
    case undefined:
    default:
      return []
  }
}

/** What is wrong with an error that the local server answers: an invented one would prove nothing. */
export const wrongError = (method: string, error: string): string[] =>
  !HAS_SPECS || COMMON.has(error) || error in (METHODS[method]?.errors ?? {})
    ? []
    : [`${method} never answers ${error}: the local server is wrong`]

export type Json = Record<string, unknown>

/** What is wrong with the blocks of a message, or of a modal or home. */
export function wrongBlocks(blocks: Json[], where: keyof typeof BLOCKS_MAX = 'message'): string[] {
  if (!ajv) return []
  const all = blocks.flatMap((block, index) => bySchema('KnownBlock', block).map((what) => `block ${index}: ${what}`))
  const ids = blocks.flatMap((block) => (block['block_id'] === undefined ? [] : [block['block_id']]))
  const actions = blocks.flatMap((block) =>
    block['type'] === 'actions' ? (block['elements'] as Json[]).map((one) => String(one['action_id'])) : [],
  )
  const empty = allOf(blocks, 'text').filter((text) => text === '')
  const options = lists(blocks).filter((one) => one.length > OPTIONS_MAX || one.length === 0)
  return [
    ...all,
    ...(blocks.length > BLOCKS_MAX[where] ? [`${blocks.length} blocks in a ${where}`] : []),
    ...(new Set(ids).size < ids.length ? ['two blocks with one block_id'] : []),
    ...(new Set(actions).size < actions.length ? ['two buttons with one action_id'] : []),
    ...empty.map(() => 'an empty text'),
    ...options.map((one) => `a select with ${one.length} options`),
  ]
}

export function wrongView(view: Json): string[] {
  if (!ajv) return []
  const isModal = view['type'] === 'modal'
  const blocks = (view['blocks'] ?? []) as Json[]
  const titles = ['title', 'submit', 'close'].flatMap((name) => {
    const text = (view[name] as { text?: string } | undefined)?.text ?? ''
    return text.length > MODAL_TITLE_CHARS_MAX ? [`${name} of a modal has ${text.length} characters`] : []
  })
  const inputs = blocks.some((block) => block['type'] === 'input')
  return [
    ...bySchema(isModal ? 'ModalView' : 'HomeView', view),
    ...wrongBlocks(blocks, isModal ? 'modal' : 'home'),
    ...titles,
    ...(Buffer.byteLength(JSON.stringify(view)) > VIEW_BYTES_MAX ? ['a view of more than 250 kB'] : []),
    ...(((view['private_metadata'] ?? '') as string).length > PRIVATE_METADATA_CHARS_MAX
      ? ['too long private_metadata']
      : []),
    ...(inputs && !view['submit'] ? ['a modal with fields and no submit'] : []),
  ]
}

function bySchema(name: string, value: unknown): string[] {
  const shape = shapes.get(name) ?? (ajv as Ajv).compile({ $ref: `blocks#/definitions/${name}`, $id: `shape-${name}` })
  shapes.set(name, shape)
  if (shape(value)) return []
  const errors = shape.errors ?? []
  // The branch that came furthest says what is meant.
  const [deepest] = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length)
  return [
    `${name}${deepest?.instancePath ?? ''} ${deepest?.message ?? 'does not fit'} in ${JSON.stringify(value).slice(0, 300)}`,
  ]
}

/** All strings under this key, wherever they are. */
export function allOf(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => allOf(one, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === key && typeof one === 'string' ? [one] : allOf(one, key),
  )
}

function lists(value: unknown): unknown[][] {
  if (Array.isArray(value)) return value.flatMap(lists)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'options' && Array.isArray(one) ? [one as unknown[]] : lists(one),
  )
}

/** All that is read in blocks, in order. */
export const charsOf = (blocks: Json[]): number => allOf(blocks, 'text').reduce((sum, text) => sum + text.length, 0)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
