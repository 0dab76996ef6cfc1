// Opens connections to the SQLite file, each with its pragmas. The adapter sets none by itself, and several of them
// (synchronous above all) belong to the connection, not to the file.

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../../generated/client.ts'
import { keepStatements } from './statements.ts'

const BUSY_TIMEOUT_MS = 5_000

/** A blocked statement may wait for its whole busy time without the transaction around it being given up. */
const TRANSACTION_MS_MAX = 60_000

/** An acknowledged fact survives a power cut: FULL, about 0.2 ms more than NORMAL. */
const WRITER = 'PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON'
/** A write that strays here fails instead of passing by the queue. */
const READER = 'PRAGMA synchronous = NORMAL; PRAGMA query_only = ON'

class Sqlite extends PrismaBetterSqlite3 {
  readonly #pragmas: string

  constructor(file: string, pragmas: string) {
    super({ url: file, timeout: BUSY_TIMEOUT_MS })
    this.#pragmas = pragmas
  }

  override async connect() {
    const connection = await super.connect()
    // The adapter's own handle on the driver; its version is pinned, and without it every store test fails.
    keepStatements((connection as unknown as { client: Parameters<typeof keepStatements>[0] }).client)
    await connection.executeScript(this.#pragmas)
    return connection
  }
}

export const connectWriter = (file: string): Promise<PrismaClient> => connectClient(file, WRITER)
export const connectReader = (file: string): Promise<PrismaClient> => connectClient(file, READER)

/** A bare connection, for what is not about rows of a model: migrations. */
export const connectPlain = (file: string): ReturnType<Sqlite['connect']> => new Sqlite(file, WRITER).connect()

async function connectClient(file: string, pragmas: string): Promise<PrismaClient> {
  const client = new PrismaClient({
    adapter: new Sqlite(file, pragmas),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: TRANSACTION_MS_MAX, timeout: TRANSACTION_MS_MAX },
  })
  await client.$connect()
  return client
}
