// node test/simulator/break.ts [words of a name]: breaks the core in each way of mutations.ts, in a copy, and tells who
// noticed: random worlds, the search of small worlds, or the tables. Fails when nobody did.

import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { MUTATIONS, type Mutation } from './mutations.ts'

const SEEDS = 400
const DEPTH = 3
const AT_ONCE = 2
const TOLD_CHARS_MAX = 70
const ROOT = path.resolve(import.meta.dirname, '../..')

const WATCHERS: Record<string, string[]> = {
  simulator: ['test/simulator/main.ts', '--runs', String(SEEDS)],
  search: ['test/simulator/main.ts', '--search', String(DEPTH)],
  tables: ['node_modules/vitest/vitest.mjs', 'run', 'test/core', '--reporter=dot'],
}

const wanted = process.argv.slice(2).join(' ')
const queue = MUTATIONS.filter((one) => one.name.includes(wanted))
const unnoticed: string[] = []
const all = queue.length
await proveWhole()
await Promise.all(Array.from({ length: AT_ONCE }, work))
console.log(unnoticed.length > 0 ? `NOT noticed: ${unnoticed.join('; ')}` : `all ${all} were noticed`)
process.exitCode = unnoticed.length > 0 ? 1 : 0

async function work(): Promise<void> {
  for (let mutation = queue.shift(); mutation; mutation = queue.shift()) {
    const noticed = await inCopy(mutation)
    const words = Object.entries(noticed).map(([who, what]) => `${who}: ${what ?? 'NOT noticed'}`)
    if (Object.values(noticed).every((what) => what === null)) unnoticed.push(mutation.name)
    console.log([mutation.name, ...words].join('\n    '))
  }
}

/** Who complains about what is whole notices nothing. */
async function proveWhole(): Promise<void> {
  const nothing = { name: 'nothing', file: 'package.json', text: '', instead: '' }
  for (const [who, what] of Object.entries(await inCopy(nothing))) {
    if (what !== null) throw new Error(`nothing is broken, and the ${who} says: ${what}`)
  }
}

async function inCopy({ name, file, text, instead }: Mutation): Promise<Record<string, string | null>> {
  const copy = await fs.mkdtemp(path.join(os.tmpdir(), 'break-'))
  try {
    for (const part of ['src', 'test/core', 'test/simulator', 'test/support', 'package.json', 'vitest.config.ts']) {
      await fs.cp(path.join(ROOT, part), path.join(copy, part), { recursive: true })
    }
    await fs.symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
    const source = await fs.readFile(path.join(copy, file), 'utf8')
    const broken = source.replace(pattern(text), () => instead)
    if (broken === source && text !== '') throw new Error(`“${name}” is stale: ${file} does not say ${text}`)
    await fs.writeFile(path.join(copy, file), broken)
    const noticed: Record<string, string | null> = {}
    for (const [who, args] of Object.entries(WATCHERS)) noticed[who] = await fails(copy, args)
    return noticed
  } finally {
    await fs.rm(copy, { recursive: true, force: true })
  }
}

/** The text, however it is broken into lines. */
function pattern(text: string): RegExp {
  const words = text.split(/\s+/).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(words.join('\\s*'))
}

/** The first line that says what broke, or null when all went well. */
function fails(cwd: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, timeout: 300_000 }, (error, stdout, stderr) => {
      if (!error) return resolve(null)
      const told = `${stdout}\n${stderr}`.split('\n').find((line) => /breaks: |FAIL |Error/.test(line)) ?? 'failed'
      return resolve(told.trim().slice(0, TOLD_CHARS_MAX))
    })
  })
}
