// npm run simulate -- --runs 20000 [--seed N]: lives through that many random worlds, from that seed on, and prints the first one that
// breaks, step by step. A seed alone is that one world. With --search DEPTH it looks at every small world that can come about in so many steps instead.

import { parseArgs } from 'node:util'
import { beginAt, BEGINNINGS } from './beginnings.ts'
import { search, told } from './search.ts'
import { firstBroken } from './seeds.ts'

const values = read()
if (values.search) await searchAll(Number(values.search), values.tasks === '1' ? 1 : 2)
else await simulate()

function read() {
  try {
    const { values: given } = parseArgs({
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        search: { type: 'string' },
        tasks: { type: 'string', default: '2' },
      },
    })
    const { seed = '1', runs = given.seed === undefined ? '1000' : '1', search: depth } = given
    const wrong = Object.entries({ runs, seed, search: depth }).find(([, value]) => !/^\d+$/u.test(value ?? '1'))
    if (wrong) throw new Error(`--${wrong[0]} takes a whole number, not “${wrong[1]}”.`)
    return { ...given, runs: Number(runs), seed: Number(seed) }
  } catch (error) {
    console.error(
      `${(error as Error).message} Usage: npm run simulate -- [--runs N] [--seed N] [--search DEPTH [--tasks 1|2]]`,
    )
    return process.exit(2)
  }
}

async function searchAll(depth: number, tasks: 1 | 2): Promise<void> {
  for (const name of Object.keys(BEGINNINGS)) {
    const started = performance.now()
    const { states, found } = await search(await beginAt(name, tasks), depth)
    if (found) fail(told(found))
    console.log(
      `${name}: ${states} states within ${depth} steps, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
  }
}

async function simulate(): Promise<void> {
  const { runs, seed: first } = values
  const started = performance.now()
  for (let done = 0; done < runs; done += 1000) {
    const seeds = Array.from({ length: Math.min(1000, runs - done) }, (_, index) => first + done + index)
    const story = await firstBroken(seeds)
    if (story) fail(story)
    const count = done + seeds.length
    const seconds = (performance.now() - started) / 1000
    console.log(
      `${count} ${count === 1 ? 'world holds' : 'worlds hold'} every invariant, ${(count / seconds).toFixed(0)} per second`,
    )
  }
}

function fail(story: string): never {
  console.log(story)
  process.exit(1)
}
