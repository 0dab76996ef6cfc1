// The part of `config.yaml` about people: who besides the owner may do what. Who is named by the chat and by what that chat calls
// them, because names are for reading and anybody may take one.

import { z } from 'zod'
import type { People, Role } from '../task/authorize.ts'

const person = z.string().regex(/^[a-z][a-z0-9-]*:\S+$/u, 'CHAT:ID, a chat and what it calls somebody')
const reach = z.enum(['own', 'others', 'all'], 'own, others or all').exactOptional()
const yes = z.literal([true, false], 'true or false').exactOptional()
const names = z.array(z.string()).min(1).exactOptional()

const role = z.strictObject({
  who: z.array(person),
  /** Owners under another name. */
  admin: yes,
  start: yes,
  answer: reach,
  guide: reach,
  stop: reach,
  repos: names,
  agents: names,
  modes: names,
})

export const PEOPLE_KEYS = Object.keys(role.shape)

/** The roles there are, in the order of the file. */
export const people = z
  .record(z.string(), role)
  .default({})
  .transform((given): Role[] =>
    Object.entries(given).map(([name, { who, ...rights }]) => ({ name, who: who.map(personOf), ...rights })),
  )

/** Ids that are of one person each, under whatever name: else nobody can tell that two of them are not two people. */
export const persons = z
  .record(z.string(), z.array(person).min(1))
  .default({})
  .transform((given): NonNullable<People['persons']> => Object.values(given).map((ids) => ids.map(personOf)))

/** Roles whose people may answer requests at all. */
export const rolesThatAnswer = (roles: Role[]): string[] =>
  roles.flatMap(({ name, answer, admin }) => (answer || admin ? name : []))

const personOf = (text: string): People['owners'][number] => {
  const [, chat = '', id = ''] = /^([^:]+):(.+)$/u.exec(text) ?? []
  return { chat, id }
}
