// The stream of what concerns no task: the same table and the same chain of hashes, without a head.

import type { HouseJournal } from '../../runner/journal.ts'
import type { HouseFact, HOUSE_STREAM } from '../../task/house.ts'
import { insertFact, lastFact } from './append.ts'
import type { Database } from './database.ts'
import { dataHashOf, factHash, type FactRow } from './fact-rows.ts'
import { houseFactBody } from './fact-schema.ts'
import { parseJson, parseStored, parseValue } from './stored-json.ts'
import { actor } from './words-schema.ts'

/** As `HOUSE_STREAM` of the core, of which the store knows only types. */
export const HOUSE: typeof HOUSE_STREAM = 'house'

export const openHouse = (database: Database): HouseJournal => ({
  async facts() {
    const rows = await database.rows<FactRow>(`SELECT * FROM "Fact" WHERE "task" = ? ORDER BY "version"`, [HOUSE])
    return rows.map(toHouseFact)
  },
  async version() {
    const [last] = await database.rows<{ version: number }>(
      `SELECT "version" FROM "Fact" WHERE "task" = ? ORDER BY "version" DESC LIMIT 1`,
      [HOUSE],
    )
    return last?.version ?? 0
  },
  async append(expected, body, by, at) {
    const { type, ...rest } = body
    const data = JSON.stringify(rest)
    const row = { task: HOUSE, version: expected + 1, at, by: JSON.stringify(by), type, dataHash: dataHashOf(data) }
    return database.write((sqlite) => {
      const last = lastFact(sqlite, HOUSE)
      if (last.version !== expected) return 'conflict'
      insertFact(sqlite, { ...row, data, hash: factHash(last.hash, row) })
      return 'appended'
    })
  },
})

function toHouseFact({ version, at, by, type, data }: FactRow): HouseFact {
  const name = `Fact ${version} of the house`
  const rest = parseJson(data ?? 'null', name)
  const body = parseValue(houseFactBody, typeof rest === 'object' ? { ...rest, type } : rest, name)
  return { version, at: Number(at), by: parseStored(actor, by, name), body }
}
