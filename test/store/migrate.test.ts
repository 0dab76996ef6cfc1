import fs from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrate, readMigrations } from '../../src/adapters/store/migrate.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import { home } from '../support/home.ts'
import { EVERY_FACT } from './every-fact.ts'
import { add, factsOf, newStore, newTask, query, reopen, sql } from './support.ts'

const refused = async (file: string): Promise<string> => {
  const error = await openStore(file).then(
    async (store) => store.close().then(() => 'it was opened'),
    (failure: unknown) => failure,
  )
  expect(error).toMatchObject({ name: 'StoreError' })
  return (error as { sentence: string }).sentence
}

/** The migrations of this version and one more. */
async function laterMigrations(statements: string) {
  const folder = path.join(await home(), 'migrations')
  await fs.cp('prisma/migrations', folder, { recursive: true })
  await fs.mkdir(path.join(folder, '0999_later'))
  await fs.writeFile(path.join(folder, '0999_later', 'migration.sql'), statements)
  return readMigrations(folder)
}

/** What belongs to a path is kept from root by nothing but another user id. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0 || !process.seteuid) return work()
  process.seteuid(65_534)
  try {
    return await work()
  } finally {
    process.seteuid(0)
  }
}

describe('a new database', () => {
  test('is made for its owner alone, and opened again as it is', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    const files = await fs.readdir(path.dirname(file))
    for (const name of files) expect((await fs.stat(path.join(path.dirname(file), name))).mode & 0o777).toBe(0o600)
    await store.close()
    expect(await factsOf((await reopen(file)).journal, 'a')).toHaveLength(1)
    expect(await query(file, 'SELECT migration_name, applied_steps_count FROM _prisma_migrations')).toEqual([
      ['0001_first', 1],
      ['0002_cursor', 1],
    ])
  })
})

describe('an upgrade', () => {
  test('applies what is missing and keeps what is there', async () => {
    const { store, file } = await newStore()
    await add(store.journal, 'a', [EVERY_FACT.created, EVERY_FACT.attempt_started])
    await store.close()
    migrate(file, await laterMigrations('ALTER TABLE "Head" ADD COLUMN "repo" TEXT;'))
    expect(await query(file, 'SELECT task, repo FROM Head')).toEqual([['a', null]])
    expect(await query(file, 'SELECT count(*) FROM Fact')).toEqual([[2]])
  })

  test('that fails leaves the database as it was', async () => {
    const { store, file } = await newStore()
    await store.close()
    const broken = await laterMigrations('CREATE TABLE "Half" ("a" TEXT) STRICT; INSERT INTO "Nothing" VALUES (1);')
    expect(() => migrate(file, broken)).toThrow('no such table')
    expect(await query(file, `SELECT name FROM sqlite_schema WHERE name = 'Half'`)).toEqual([])
    await (await openStore(file)).close()
  })
})

describe('what cannot be used is refused in one sentence:', () => {
  test('a database of a newer version', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    await store.close()
    migrate(file, await laterMigrations('SELECT 1;'))
    expect(await refused(file)).toBe(
      `The database ${file} was written by a newer version of Backchannel (0999_later); start that version.`,
    )
    expect(await query(file, 'SELECT count(*) FROM Fact')).toEqual([[1]])
  })

  test('a database made with another text of a migration', async () => {
    const { store, file } = await newStore()
    await store.close()
    await sql(file, `UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = '0001_first'`)
    expect(await refused(file)).toMatch(/^The migration 0001_first is not the one the database .* was made with/)
  })

  test('a database of another program', async () => {
    const file = path.join(await home(), 'other.db')
    await sql(file, 'CREATE TABLE "Cake" ("a" TEXT)')
    expect(await refused(file)).toBe(`The database ${file} belongs to another program.`)
    expect(await query(file, 'SELECT name FROM sqlite_schema')).toEqual([['Cake']])
  })

  test('a file that is no database', async () => {
    const file = path.join(await home(), 'x.db')
    await fs.writeFile(file, 'dear diary, '.repeat(1_000))
    expect(await refused(file)).toBe(`The file ${file} is not a database.`)
  })

  test('a damaged database', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    await store.close()
    const bytes = await fs.readFile(file)
    await fs.writeFile(file, bytes.fill(0xff, 100, 3_000))
    expect(await refused(file)).toBe(`The database ${file} is damaged; put back a copy of it.`)
  })

  test('a folder that does not exist', async () => {
    const file = path.join(await home(), 'nowhere', 'x.db')
    expect(await refused(file)).toBe(
      `The database ${file} cannot be opened: its folder is missing, or this user may not write there.`,
    )
  })

  test('a read-only file, a read-only folder', async ({ skip }) => {
    const readable = await asNobody(() =>
      fs.readdir(path.resolve('prisma/migrations')).then(
        () => true,
        () => false,
      ),
    )
    skip(!readable, 'only its owner may read this checkout, so nobody else can try')
    const folder = await home()
    const file = path.join(folder, 'x.db')
    await (await openStore(file)).close()
    // The run's own temporary folder may only be entered by its owner.
    for (const entered of [path.dirname(folder), folder]) await fs.chmod(entered, 0o555)
    onTestFinished(() => fs.chmod(path.dirname(folder), 0o700))
    await fs.chmod(file, 0o444)
    expect(await asNobody(() => refused(file))).toBe(`The database ${file} is read-only for this user.`)
    await fs.chmod(file, 0o666)
    expect(await asNobody(() => refused(file))).toMatch(/^The database .* (is read-only|cannot be opened)/)
    const missing = path.join(folder, 'new.db')
    expect(await asNobody(() => refused(missing))).toBe(`The database ${missing} is read-only for this user.`)
    await fs.chmod(folder, 0o700)
  })
})
