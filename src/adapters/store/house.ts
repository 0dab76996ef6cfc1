// The stream of what concerns no task: the same table and the same chain of hashes, without a head.

import type { HouseJournal } from '../../runner/journal.ts'
import type { HouseFact, HOUSE_STREAM } from '../../task/house.ts'
import type { Fact as FactRow } from '../../generated/client.ts'
import type { Database } from './database.ts'
import { dataHashOf, factHash, NO_HASH } from './fact-rows.ts'
import { houseFactBody } from './fact-schema.ts'
import { parseJson, parseStored, parseValue } from './stored-json.ts'
import { isUniqueViolation } from './store-error.ts'
import { actor } from './words-schema.ts'

/** As `HOUSE_STREAM` of the core, of which the store knows only types. */
export const HOUSE: typeof HOUSE_STREAM = 'house'

export const openHouse = (database: Database): HouseJournal => ({
  async facts() {
    return (await rowsOf(database)).map(toHouseFact)
  },
  async append(expected, body, by, at) {
    const rows = await rowsOf(database)
    if (rows.length !== expected) return 'conflict'
    const { type, ...rest } = body
    const data = JSON.stringify(rest)
    const row = {
      task: HOUSE,
      version: expected + 1,
      at: BigInt(at),
      by: JSON.stringify(by),
      type,
      dataHash: dataHashOf(data),
    }
    try {
      const hash = factHash(rows.at(-1)?.hash ?? NO_HASH, row)
      await database.write((client) => client.fact.create({ data: { ...row, data, hash } }))
      return 'appended'
    } catch (error) {
      if (isUniqueViolation(error)) return 'conflict'
      throw error
    }
  },
})

const rowsOf = (database: Database): Promise<FactRow[]> =>
  database.read((client) => client.fact.findMany({ where: { task: HOUSE }, orderBy: { version: 'asc' } }))

function toHouseFact({ version, at, by, type, data }: FactRow): HouseFact {
  const name = `Fact ${version} of the house`
  const rest = parseJson(data ?? 'null', name)
  const body = parseValue(houseFactBody, typeof rest === 'object' ? { ...rest, type } : rest, name)
  return { version, at: Number(at), by: parseStored(actor, by, name), body }
}
