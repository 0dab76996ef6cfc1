// Brings a database to the schema of this version: the reviewed SQL files in their order, each once, in one transaction,
// whoever of several starting processes comes first. Keeps Prisma's own bookkeeping table, so that its tools agree.
// Forward only: a database from a newer version is refused, because this version cannot know what its facts mean.

import { hash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { connect, type Sqlite } from './sqlite.ts'
import { isBusy, StoreError } from './store-error.ts'

type Migration = { name: string; sql: string; checksum: string }

const MIGRATIONS = path.join(import.meta.dirname, '../../../prisma/migrations')

const WAL_TRIES_MAX = 100
const WAL_AGAIN_MS = 20

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

export function migrate(file: string, migrations: Migration[]): void {
  const sqlite = connect(file)
  try {
    sqlite.script('PRAGMA foreign_keys = OFF')
    if (pending(sqlite, file, migrations).length === 0) return
    toWal(sqlite)
    sqlite.transaction(() => {
      // Looked at again: while this process waited for the lock, another may have done it all.
      for (const migration of pending(sqlite, file, migrations)) apply(sqlite, migration)
    })
  } finally {
    sqlite.close()
  }
}

/** SQLite does not wait here for another process that does the same: with both waiting for each other nobody would go on. */
function toWal(sqlite: Sqlite): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return sqlite.script('PRAGMA journal_mode = WAL')
    } catch (error) {
      if (!isBusy(error) || tries === WAL_TRIES_MAX) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_AGAIN_MS)
    }
  }
}

export async function readMigrations(folder: string = MIGRATIONS): Promise<Migration[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await fs.readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: hash('sha256', sql) }
    }),
  )
}

/** What is still to be applied; refuses a database whose past is not ours. */
function pending(sqlite: Sqlite, file: string, migrations: Migration[]): Migration[] {
  const tables = sqlite.rows<{ name: string }>(`SELECT "name" FROM "sqlite_schema" WHERE "type" = 'table'`)
  if (!tables.some(({ name }) => name === '_prisma_migrations')) {
    if (tables.length > 0) throw new StoreError(`The database ${file} belongs to another program.`)
    return migrations
  }
  const applied = sqlite.rows<{ name: string; checksum: string }>(
    `SELECT "migration_name" AS "name", "checksum" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
  )
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  for (const { name, checksum } of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      throw new StoreError(
        `The database ${file} was written by a newer version of Backchannel (${name}); start that version.`,
      )
    }
    if (expected !== checksum) {
      throw new StoreError(
        `The migration ${name} is not the one the database ${file} was made with; put its file back.`,
      )
    }
  }
  return migrations.filter(({ name }) => !applied.some((done) => done.name === name))
}

function apply(sqlite: Sqlite, { name, sql, checksum }: Migration): void {
  sqlite.script(BOOKKEEPING)
  sqlite.script(sql)
  const [broken] = sqlite.rows<{ table: string }>('PRAGMA foreign_key_check')
  if (broken) throw new Error(`the migration ${name} leaves references to nothing in ${broken.table}`)
  sqlite.run(
    `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
     VALUES (?, ?, ?, ?, ?, 1)`,
    [randomUUID(), checksum, name, Date.now(), Date.now()],
  )
}
