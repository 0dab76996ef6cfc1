// Makes a database as it is now, to be checked in with a release that has new facts: `node test/store/released/make.ts 0002`.
// Beside it goes what its facts are, so that later versions are held against what this one meant.
import fs from 'node:fs'
import path from 'node:path'
import { openStore } from '../../../src/adapters/store/store.ts'
import { record } from '../../../src/runner/journal.ts'
import { ann, EVERY_FACT, EVERY_HOUSE_FACT } from '../every-fact.ts'

const [name = ''] = process.argv.slice(2)
const file = path.join(import.meta.dirname, `${name}.db`)
if (!/^\d{4}$/.test(name) || fs.existsSync(file)) throw new Error('give the next number: what is there was released')

const store = await openStore(file)
const { journal, house, messages, chatLog } = store
const tasks = {
  every: Object.values(EVERY_FACT),
  queued: [EVERY_FACT.created],
  large: [EVERY_FACT.created, { ...EVERY_FACT.guided, text: 'long '.repeat(2_000) }],
}
for (const [n, [task, facts]] of Object.entries(tasks).entries()) {
  for (const body of facts)
    await record(journal, task, () => [body], {
      by: ann,
      now: () => 1_700_000_000_000 + n,
      delivery: `${task}-${body.type}`,
    })
}
await journal.unmark('bot', 'every', Object.keys(EVERY_FACT).length)
await journal.putProgress('large', {
  at: 1,
  now: 'npm test',
  counts: { read: 12, edited: 2, commands: 1 },
  checklist: [{ text: 'x', state: 'done' }],
})
await messages.put({ task: 'every', key: 'status', ref: { chat: 'web', channel: 'c', id: '1' }, hash: 'h' })
const root = await chatLog.add({
  key: 'k1',
  channel: 'c',
  thread: null,
  author: ann,
  at: 1,
  content: { kind: 'text', text: 'hello', mark: 'received' },
})
await chatLog.add({
  key: 'k2',
  channel: 'c',
  thread: root.id,
  author: ann,
  at: 2,
  content: { kind: 'card', card: { tone: 'good', title: 'done', body: [], buttons: [], mention: [] } },
})

for (const [n, body] of Object.values(EVERY_HOUSE_FACT).entries()) await house.append(n, body, ann, 1_700_000_000_000)

const known = {
  house: await house.facts(),
  facts: Object.fromEntries(await journal.facts(Object.keys(tasks))),
  heads: await journal.heads({ limit: 9 }),
  marked: await journal.marked('bot', 9),
  progress: Object.fromEntries(await journal.progress(['large'])),
  messages: Object.fromEntries(await messages.of('every')),
  chat: await chatLog.since(0, 9),
}
fs.writeFileSync(path.join(import.meta.dirname, `${name}.json`), `${JSON.stringify(known, null, 1)}\n`)
await store.close()
