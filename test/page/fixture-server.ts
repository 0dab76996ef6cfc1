// To look at the page without the rest: `node test/page/fixture-server.ts [port] [--empty]` prints a login link.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { world } from './world.ts'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'))
const port = Number(process.argv[2] ?? 4757) || 0
const made = await world({ home, port, empty: process.argv.includes('--empty') })
console.log(await made.login())

// The log of a working task grows, so that following it can be seen.
let line = 0
setInterval(() => {
  line += 1
  made.logs.set('t3', `${made.logs.get('t3') ?? ''}line ${line}\n`)
  made.ringBoard()
}, 2_000).unref()
process.on('SIGINT', () => {
  fs.rmSync(home, { recursive: true, force: true })
  process.exit()
})
