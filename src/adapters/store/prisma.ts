// Prisma on the same file, for what is read rarely: it takes 80 ms to load, and ten times as long for a small question.

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../../generated/client.ts'

class Reader extends PrismaBetterSqlite3 {
  override async connect() {
    const connection = await super.connect()
    // A write that strays here fails instead of passing by the queue.
    await connection.executeScript('PRAGMA query_only = ON')
    return connection
  }
}

export async function connectReader(file: string): Promise<PrismaClient> {
  const client = new PrismaClient({ adapter: new Reader({ url: file }), errorFormat: 'minimal' })
  await client.$connect()
  return client
}
