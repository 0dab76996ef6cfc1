// Chance that can be repeated and taken apart: a seeded generator that writes down what it drew, grouped by step, so that a
// failing run can be replayed without some of its steps.

/** What was drawn, one list per step. */
export type Tape = number[][]

export class Chance {
  readonly tape: Tape = []
  readonly #draw: () => number

  constructor(draw: (step: number, index: number) => number) {
    this.#draw = () => draw(this.tape.length - 1, (this.tape.at(-1) ?? []).length)
  }

  /** Everything drawn from here on belongs to a new step. */
  step(): void {
    this.tape.push([])
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    if (this.tape.length === 0) this.step()
    const drawn = this.#draw()
    this.tape.at(-1)?.push(drawn)
    return drawn % below
  }

  oneIn(count: number): boolean {
    return this.int(count) === count - 1
  }

  pick<T>(from: readonly T[]): T {
    const index = this.int(from.length)
    if (index >= from.length) throw new Error('nothing to pick from')
    return from[index] as T
  }
}

/** The splitmix32 generator: small, fast, and the same on every machine. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0
  return new Chance(() => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  })
}

/** Draws what is on the tape; where the tape has nothing, the first possibility. */
export const replayed = (tape: Tape): Chance => new Chance((step, index) => tape[step]?.[index] ?? 0)
