// npm run bench [-- --quick] [-- --only commands,asks]: measures the hops of Backchannel beside the same hops without it, what
// its processes use, and what listing costs. It only measures: nothing fails because it is slow.

import { parseArgs } from 'node:util'
import { appends } from './appends.ts'
import { asks } from './asks.ts'
import { claude } from './claude.ts'
import { commands } from './commands.ts'
import { discord } from './discord.ts'
import { machine } from './machine.ts'
import { parked } from './parked.ts'
import { report } from './report.ts'
import { tidy, tidyWhenSignalled } from './rubble.ts'
import { FULL, QUICK, type Found, type Part } from './samples.ts'
import { sessions } from './sessions.ts'
import { slack } from './slack.ts'
import { tasks } from './tasks.ts'

const PARTS: Record<string, Part> = { commands, asks, claude, appends, sessions, parked, tasks, slack, discord }

const values = read()
const wanted = values.only?.split(',') ?? Object.keys(PARTS)
const strange = wanted.find((name) => !Object.hasOwn(PARTS, name))
if (strange !== undefined) {
  console.error(`“${strange}” is no part of the bench; possible: ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}

tidyWhenSignalled()
const before = machine()
const found: Found[] = []
for (const name of wanted) found.push(await measured(name))
console.log(`\n${before}\n\n${report(found)}`)

function read() {
  try {
    return parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } }).values
  } catch (error) {
    console.error(
      `${(error as Error).message} Usage: npm run bench -- [--quick] [--only ${Object.keys(PARTS).join(',')}]`,
    )
    return process.exit(2)
  }
}

/** A part that cannot be measured takes none of the others with it. */
async function measured(name: string): Promise<Found> {
  const part = PARTS[name]
  const began = performance.now()
  try {
    return (await part?.(values.quick ? QUICK : FULL)) ?? {}
  } catch (error) {
    process.exitCode = 1
    return { notes: [`**${name} could not be measured:** ${error instanceof Error ? error.message : String(error)}`] }
  } finally {
    await tidy()
    process.stderr.write(`${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s\n`)
  }
}
