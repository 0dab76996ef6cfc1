// `backchannel audit`: what people decided, and what concerns the house, oldest first. It only reads.

import { durationMs } from '../bot/words.ts'
import type { Journal } from '../runner/journal.ts'
import { HOUSE_STREAM } from '../task/house.ts'
import { HOUSE, isRefused, type Actor, type Instant } from '../task/words.ts'
import { flagsAlone, UsageError } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayRefusal } from './print.ts'

const TASKS_PER_LOOK = 500

type Entry = { at: string; by: string; name: string; task: string; version: number; type: string; data: object }
type Recorded = { task: string; version: number; at: Instant; by: Actor; body: { type: string } }

export async function verb(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: ['task', 'by', 'since', 'type'], bare: ['json'] })
  const since = flags['since'] === undefined ? 0 : instantOf(flags['since'], Date.now())
  const house = await openHouse()
  try {
    const task = flags['task'] === undefined ? null : await house.views.find(flags['task'])
    if (task !== null && typeof task !== 'string' && isRefused(task)) return sayRefusal(task)
    const ofHouse = (await house.store.house.facts()).map((fact) => ({ task: HOUSE_STREAM, ...fact }))
    const ofTasks = task === null ? await allFacts(house.store.journal) : await factsOf(house.store.journal, [task])
    const entries = [...ofTasks.filter(({ by }) => by.chat !== HOUSE.chat), ...ofHouse]
      .filter((one) => one.at >= since && (task === null || isAbout(one, task)))
      .toSorted((a, b) => a.at - b.at)
      .map(entryOf)
      .filter(({ by, name, type }) => {
        const wanted = flags['by']
        return [by, name, undefined].includes(wanted) && (flags['type'] ?? type) === type
      })
    for (const entry of entries) say('json' in flags ? JSON.stringify(entry) : line(entry))
    return 0
  } finally {
    await house.close()
  }
}

async function allFacts(journal: Journal): Promise<Recorded[]> {
  const found: Recorded[] = []
  for (let heads = await journal.heads({ limit: TASKS_PER_LOOK }); heads.length > 0;) {
    found.push(
      ...(await factsOf(
        journal,
        heads.map(({ task }) => task),
      )),
    )
    const { createdAt, task } = heads.at(-1) as (typeof heads)[number]
    heads = await journal.heads({ limit: TASKS_PER_LOOK, before: { createdAt, task } })
  }
  return found
}

const factsOf = async (journal: Journal, tasks: string[]): Promise<Recorded[]> =>
  [...(await journal.facts(tasks)).values()].flat()

/** A fact of the house may be about a task, too: who was turned away. */
const isAbout = ({ task, body }: Recorded, wanted: string): boolean =>
  task === wanted || ('task' in body && body.task === wanted)

function entryOf({ task, version, at, by, body: { type, ...data } }: Recorded): Entry {
  return { at: new Date(at).toISOString(), by: `${by.chat}:${by.id}`, name: by.name, task, version, type, data }
}

const line = ({ at, by, name, task, type, data }: Entry): string =>
  `${at}  ${name} (${by})  ${task}  ${type}  ${JSON.stringify(data)}`

function instantOf(text: string, now: Instant): Instant {
  const ago = durationMs(text)
  const at = ago ? now - ago : Date.parse(text)
  if (Number.isNaN(at)) throw new UsageError(`--since takes 90s, 10m, 2h or a date such as 2026-01-31, not “${text}”.`)
  return at
}
