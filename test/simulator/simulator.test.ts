import { describe, expect, test } from 'vitest'
import { firstBroken } from './seeds.ts'

const SEEDS = 300
const PER_TEST = 50
const WITHIN_MS = 120_000

describe('random worlds hold every invariant,', () => {
  test.each(Array.from({ length: SEEDS / PER_TEST }, (_, index) => index * PER_TEST + 1))(
    `${PER_TEST} of them from seed %i`,
    async (first) => {
      expect(await firstBroken(Array.from({ length: PER_TEST }, (_, index) => first + index))).toBeNull()
    },
    WITHIN_MS,
  )
})
