// Runs seeds and makes a failing one readable: the shortest part of its tape that still breaks the same invariant.

import { replayed, seeded, type Chance, type Tape } from './chance.ts'
import type { Violation } from './check.ts'
import type { Ports } from './program.ts'
import { live, type Lived } from './simulation.ts'
import { emptyStore, journalIn, messagesIn } from './store.ts'

const SHRINKS_MAX = 400

export async function inMemory(): Promise<Ports> {
  const store = emptyStore()
  return { journal: journalIn(store), messages: messagesIn(store) }
}

export const liveSeed = (seed: number, open: () => Promise<Ports> = inMemory): Promise<Lived> =>
  live(seeded(seed), open)

/** The first seed of these that breaks an invariant, told so that a person can follow it; null when all hold. */
export async function firstBroken(seeds: Iterable<number>): Promise<string | null> {
  for (const seed of seeds) {
    const chance = seeded(seed)
    const { violation } = await live(chance, inMemory)
    if (violation) return story(seed, chance, violation)
  }
  return null
}

async function story(seed: number, chance: Chance, violation: Violation): Promise<string> {
  const tape = await shrink(chance.tape, violation.invariant)
  const { violation: found, world } = await live(replayed(tape), inMemory, tape.length - 1)
  const { invariant, task, what } = found ?? violation
  return [
    `seed ${seed} breaks: ${invariant}`,
    `  ${task}: ${what}`,
    'after',
    ...(found ? world.trace : ['(it does not break again)']),
  ].join('\n')
}

/** Takes out ever smaller pieces as long as the same invariant breaks. The first draws make the world and stay. */
async function shrink(whole: Tape, invariant: string): Promise<Tape> {
  let tape = whole
  let tries = 0
  for (let size = tape.length >> 1; size > 0; size >>= 1) {
    for (let from = 1; from < tape.length && tries < SHRINKS_MAX;) {
      const shorter = [...tape.slice(0, from), ...tape.slice(from + size)]
      tries += 1
      const { violation } = await live(replayed(shorter), inMemory, Math.max(shorter.length - 1, 0))
      if (violation?.invariant === invariant) tape = shorter
      else from += size
    }
  }
  return tape
}
