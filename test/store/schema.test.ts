// The Prisma schema and the reviewed SQL say the same: read from the schema file on one side, from a database made by the
// migrations on the other. Prisma's own comparison needs its engine, which is a download.
import fs from 'node:fs/promises'
import { expect, test } from 'vitest'
import { newStore, query } from './support.ts'

type Column = { name: string; type: string; required: boolean }
type Table = { columns: Column[]; key: string[]; unique: string[]; indexes: string[] }

/** STRICT tables know no more types than SQLite itself. */
const STORED_AS: Record<string, string> = { String: 'TEXT', Int: 'INTEGER', BigInt: 'INTEGER', Boolean: 'INTEGER' }

test('the schema and a database made by the migrations agree', async () => {
  const { file } = await newStore()
  const tables = await query(
    file,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'`,
  )
  const made = await Promise.all(
    tables.map(async ([name]) => [String(name), await tableOf(file, String(name))] as const),
  )
  const meant = modelsOf(await fs.readFile('prisma/schema.prisma', 'utf8'))
  expect(Object.fromEntries(made)).toEqual(Object.fromEntries(meant))
  expect(meant.size).toBeGreaterThan(5)
})

test('every table is strict', async () => {
  const { file } = await newStore()
  const lax = await query(file, `SELECT name FROM pragma_table_list WHERE NOT strict AND name NOT LIKE 'sqlite%'`)
  expect(lax).toEqual([['_prisma_migrations']])
})

async function tableOf(file: string, name: string): Promise<Table> {
  const info = await query(file, `SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`)
  const indexes = await query(file, `SELECT name, "unique" FROM pragma_index_list('${name}') WHERE origin = 'c'`)
  const columnsOf = async (index: unknown) =>
    (await query(file, `SELECT name FROM pragma_index_info('${String(index)}')`)).flat().join()
  const named = await Promise.all(indexes.map(async ([index, unique]) => ({ unique, columns: await columnsOf(index) })))
  return {
    columns: info.map(([column, type, required]) => ({
      name: String(column),
      type: String(type),
      required: required === 1,
    })),
    key: info
      .filter(([, , , pk]) => pk !== 0)
      .toSorted((a, b) => Number(a[3]) - Number(b[3]))
      .map(([column]) => String(column)),
    unique: named
      .filter(({ unique }) => unique === 1)
      .map(({ columns }) => columns)
      .toSorted(alphabetically),
    indexes: named
      .filter(({ unique }) => unique === 0)
      .map(({ columns }) => columns)
      .toSorted(alphabetically),
  }
}

function modelsOf(schema: string): Map<string, Table> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([^}]*)\}/gm)]
  return new Map(models.map(([, name = '', body = '']) => [name, modelOf(body)]))
}

function modelOf(body: string): Table {
  const lines = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
  const fields = lines.filter((line) => !line.startsWith('@@')).map((line) => line.split(/\s+/))
  const lists = (attribute: string) =>
    lines
      .filter((line) => line.startsWith(`@@${attribute}(`))
      .map((line) => (/\[(.*)\]/.exec(line)?.[1] ?? '').replaceAll(' ', ''))
  const marked = (attribute: string) => fields.filter((field) => field.includes(attribute)).map(([name = '']) => name)
  return {
    columns: fields.map(([name = '', type = '']) => ({
      name,
      type: STORED_AS[type.replace('?', '')] ?? `unknown: ${type}`,
      required: !type.endsWith('?'),
    })),
    key: [...marked('@id'), ...lists('id').flatMap((list) => list.split(','))],
    unique: [...marked('@unique'), ...lists('unique')].toSorted(alphabetically),
    indexes: lists('index').toSorted(alphabetically),
  }
}

const alphabetically = (a: string, b: string): number => a.localeCompare(b)
