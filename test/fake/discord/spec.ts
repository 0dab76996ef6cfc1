// Discord's own description of its API (OpenAPI 3.1), which nobody here wrote: every request body, and what our server answers, is
// held against it. It lies outside of the project; without it nothing is checked, and tests of Discord are skipped.

import fs from 'node:fs'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'

const FOLDER = process.env['BACKCHANNEL_SPECS'] ?? path.join(import.meta.dirname, '../../../../shared/specs')
const FILE = path.join(FOLDER, 'discord-openapi.json')

export const withoutDiscordSpec = !fs.existsSync(FILE)

type Json = Record<string, unknown>
type Operation = { requestBody?: { content: Json }; responses?: Record<string, { content?: Json }> }
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Json> } }
type Check = (value: unknown) => string | null

export type Spec = ReturnType<typeof discordSpec>

export function discordSpec() {
  const document = strict(JSON.parse(fs.readFileSync(FILE, 'utf8')) as Document)
  const options = { strict: false, validateFormats: false, allErrors: true } as const
  const exact = new Ajv2020(options).addSchema(document, 'discord')
  // The description types integers that are sent as strings as integers.
  const coercing = new Ajv2020({ ...options, coerceTypes: true }).addSchema(document, 'discord')
  const templates = Object.keys(document.paths).map((template) => ({ template, pattern: patternOf(template) }))
  const checks = new Map<string, Check>()

  const compiled = (pointer: string): Check => {
    const known = checks.get(pointer)
    if (known) return known
    const [first, second] = [exact, coercing].map((ajv) => ajv.compile({ $ref: `discord#${pointer}` }))
    const check: Check = (value) => {
      if (first?.(value) || second?.(structuredClone(value))) return null
      const all = first?.errors ?? []
      const deepest = all.toSorted((a, b) => b.instancePath.length - a.instancePath.length).slice(0, 4)
      return deepest.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join('; ')
    }
    checks.set(pointer, check)
    return check
  }

  const templateOf = (pathname: string): string | null =>
    templates
      .filter(({ pattern }) => pattern.test(pathname))
      .toSorted((a, b) => a.template.split('{').length - b.template.split('{').length)[0]?.template ?? null

  const operation = (method: string, pathname: string) => {
    const template = templateOf(pathname)
    const found = template === null ? undefined : document.paths[template]?.[method.toLowerCase()]
    return found && template !== null ? { found, at: `/paths/${escaped(template)}/${method.toLowerCase()}` } : null
  }

  // Compiled now, because the time it takes would count for whoever has to answer within three seconds.
  for (const [method, pathname, status] of USUAL) {
    const known = operation(method, pathname)
    if (!known) continue
    if (known.found.requestBody) compiled(bodyAt(`${known.at}/requestBody`))
    if (known.found.responses?.[status]?.content) compiled(bodyAt(`${known.at}/responses/${status}`))
  }

  return {
    /** What is wrong with this body, or null. */
    request(method: string, pathname: string, body: unknown): string | null {
      const known = operation(method, pathname)
      if (!known) return `there is no ${method} ${pathname}`
      if (!known.found.requestBody) return body === undefined ? null : 'it takes no body'
      return compiled(bodyAt(`${known.at}/requestBody`))(body ?? {})
    },
    response(method: string, pathname: string, status: number, body: unknown): string | null {
      const known = operation(method, pathname)
      if (!known?.found.responses?.[status]?.content) return null
      return compiled(bodyAt(`${known.at}/responses/${status}`))(body)
    },
  }
}

const USUAL: [method: string, pathname: string, status: number][] = [
  ['GET', '/applications/@me', 200],
  ['PUT', '/applications/1/commands', 200],
  ['POST', '/interactions/1/x/callback', 204],
  ['POST', '/channels/1/messages', 200],
  ['PATCH', '/channels/1/messages/1', 200],
  ['POST', '/channels/1/messages/1/threads', 201],
  ['GET', '/channels/1', 200],
]

const bodyAt = (pointer: string): string => `${pointer}/content/${escaped('application/json')}/schema`

const escaped = (text: string): string =>
  encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%40', '@')

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/\./gu, '\\$&').replaceAll(/\{[^}]+\}/gu, '[^/]+')}$`, 'u')

/** One of several may hold more than once, and a request holds no property that the description does not name. */
function strict(document: Document): Document {
  const { schemas } = document.components
  for (const [name, schema] of Object.entries(schemas))
    if (!/Response/u.test(name) && schema['properties'] && !('additionalProperties' in schema) && !schema['allOf'])
      schema['additionalProperties'] = false
  return JSON.parse(JSON.stringify(document).replaceAll('"oneOf":', '"anyOf":')) as Document
}
