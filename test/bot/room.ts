// A bot over a real store, and people who type, click and reply in its chat.

import path from 'node:path'
import { onTestFinished } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import type { Inbound, Said } from '../../src/bot/chat.ts'
import { deeds } from '../../src/bot/deeds.ts'
import { mine } from '../../src/bot/mine.ts'
import { reading } from '../../src/bot/reading.ts'
import { openedPairing, pairWith } from '../../src/bot/pairing.ts'
import { receiver } from '../../src/bot/receive.ts'
import { rulesOf } from '../../src/bot/rules.ts'
import { repos } from '../../src/bot/repos.ts'
import { load, record, recordHouse } from '../../src/runner/journal.ts'
import type { People } from '../../src/task/authorize.ts'
import { notifyWish } from '../../src/task/house.ts'
import { pairedOwners } from '../../src/task/pairing.ts'
import { needOf } from '../../src/task/requirement.ts'
import { HOUSE, type Actor } from '../../src/task/words.ts'
import { asked, permission, started } from '../core/given.ts'
import { home } from '../support/home.ts'

const person = (id: string): Actor => ({ chat: 'test', id, name: id })
export const [ANN, DEV, APPROVER, EVE, BOT] = ['ann', 'dev', 'approver', 'eve', 'bot'].map(person) as [
  Actor,
  Actor,
  Actor,
  Actor,
  Actor,
]
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** Somebody, with the groups of their chat. */
type Somebody = Actor & { groups?: string[] }

const PEOPLE: People = {
  owners: [ANN],
  roles: [
    { name: 'developers', who: [DEV], start: true, guide: 'own', stop: 'own', repos: ['api'], agents: ['able'] },
    { name: 'approvers', who: [APPROVER], answer: 'others' },
  ],
}
export async function room(given: People = PEOPLE) {
  const folder = await home()
  const store = await openStore(path.join(folder, 'backchannel.db'))
  onTestFinished(() => store.close())
  const limits = { guidance: true, resume: true, questions: true }
  const agent = { limits, missing: null, blank: null, options: { mode: null } }
  const time = { now: 1 }
  let ids = 0
  const known = [
    { name: 'api', path: folder, base: null },
    { name: 'site', path: folder, base: null },
  ]
  const people = async () => ({ ...given, owners: [ANN, ...pairedOwners(await store.house.facts())] })
  const views = reading({ journal: store.journal, logPath: () => '', diff: async () => ({ refused: 'none' }) })
  const receive = receiver({
    deeds: deeds({
      journal: store.journal,
      people,
      repos: repos(async () => known, folder),
      agents: [
        { name: 'able', ...agent },
        { name: 'plain', ...agent },
      ],
      startAgent: 'able',
      notify: {
        of: async (by) => notifyWish(await store.house.facts(), by),
        set: async (by, notify) => {
          await recordHouse(store.house, () => [{ type: 'notify_set', notify }], { by, now: () => 1 })
        },
      },
      mask: async (text) => text.replaceAll('hunter2', '[masked]'),
      now: () => 1,
      newId: () => `t${(ids += 1)}`,
      ring: () => {},
    }),
    views,
    messages: store.messages,
    mine: (doer) => mine({ journal: store.journal, messages: store.messages, people }, doer),
    pair: (by, code) => pairWith({ house: store.house, now: () => time.now }, by, code),
    rules: rulesOf({ house: store.house, people, now: () => time.now, ring: () => {} }),
    runAgent: 'plain',
    repoOf: () => null,
  })
  const place = { chat: 'test', channel: 'c' }
  let keys = 0
  const event = ({ groups, ...actor }: Somebody) => ({
    key: `k${(keys += 1)}`,
    actor,
    place,
    ...(groups && { groups }),
  })
  return {
    store,
    views,
    time,
    code: () => openedPairing({ house: store.house, now: () => time.now }, ANN),
    types: (actor: Somebody, text: string, said?: Said[]) =>
      receive({ kind: 'command', ...event(actor), text, ...(said && { said }) }),
    /** As the chat delivers it, under a key of its own. */
    delivers: (one: DistributiveOmit<Inbound, 'place'>) => receive({ ...one, place }),
    clicks: (actor: Somebody, id: string, values = {}) => receive({ kind: 'click', ...event(actor), id, values }),
    says: (actor: Somebody, text: string) =>
      receive({
        kind: 'reply',
        ...event(actor),
        place: { ...place, thread: 'root' },
        text,
        source: { ...place, id: 'said' },
      } satisfies Inbound),
    /** The task works and asks for a permission; its thread is there. */
    async asks(id: string, ask = permission()) {
      const by = { by: HOUSE, now: () => 2 }
      for (const fact of [started(), asked(ask, { need: needOf(ask.requires ?? []) })])
        await record(store.journal, id, () => [fact], by)
      await store.messages.put({ task: id, key: 'status', ref: { ...place, id: 'root' }, hash: 'h' })
      return (await load(store.journal, id))?.requests[0]?.id ?? ''
    },
    task: (id: string) => load(store.journal, id),
  }
}
