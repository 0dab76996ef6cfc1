// Lets `prisma generate` work without a network: the schema engine, a download, is only needed by Prisma's migrate commands.
// Migrations here are reviewed SQL files which the program itself applies, so any executable can stand in for it.
import { defineConfig } from 'prisma/config'

process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:./backchannel.db' },
})
