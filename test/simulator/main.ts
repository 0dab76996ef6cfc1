// npm run simulate -- --runs 20000 [--seed N]: lives through that many random worlds and prints the first one that breaks.
// With --search DEPTH it looks at every small world that can come about in so many steps instead.

import { parseArgs } from 'node:util'
import { beginAt, BEGINNINGS } from './beginnings.ts'
import { search, told } from './search.ts'
import { firstBroken } from './seeds.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    search: { type: 'string' },
    tasks: { type: 'string', default: '2' },
  },
})
if (values.search) await searchAll(Number(values.search), values.tasks === '1' ? 1 : 2)
else await simulate()

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
  const runs = Number(values.runs)
  const first = Number(values.seed)
  if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(first))
    throw new Error('--runs and --seed are whole numbers')

  const started = performance.now()
  for (let done = 0; done < runs; done += 1000) {
    const seeds = Array.from({ length: Math.min(1000, runs - done) }, (_, index) => first + done + index)
    const story = await firstBroken(seeds)
    if (story) fail(story)
    const count = done + seeds.length
    const seconds = (performance.now() - started) / 1000
    console.log(`${count} worlds hold every invariant, ${(count / seconds).toFixed(0)} per second`)
  }
}

function fail(story: string): never {
  console.log(story)
  process.exit(1)
}
