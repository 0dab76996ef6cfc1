// The same random worlds over the real store: what is promised of the journal in memory holds for the one on disk.

import path from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { home } from '../support/home.ts'
import { liveSeed } from './seeds.ts'

const SEEDS = 8
const WITHIN_MS = 120_000

test.each(Array.from({ length: SEEDS }, (_, index) => 9000 + index))(
  'a random world over the real store holds every invariant, seed %i',
  async (seed) => {
    const store = await openStore(path.join(await home(), 'simulated.db'))
    try {
      const { violation } = await liveSeed(seed, async () => store)
      expect(violation).toBeNull()
      expect(await store.verify()).toMatchObject({ kind: 'verified' })
    } finally {
      await store.close()
    }
  },
  WITHIN_MS,
)
