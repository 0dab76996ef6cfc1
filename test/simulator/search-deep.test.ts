import { describe, expect, test } from 'vitest'
import { beginAt, BEGINNINGS } from './beginnings.ts'
import { search, told } from './search.ts'

const WITHIN_MS = 120_000
const beginnings = Object.keys(BEGINNINGS)

describe('every small world holds every invariant,', () => {
  test.each(beginnings)(
    'of one task, within 6 steps after: %s',
    async (name) => {
      const { found, states } = await search(await beginAt(name, 1), 6)
      expect(found && told(found)).toBeNull()
      expect(states).toBeGreaterThan(300)
    },
    WITHIN_MS,
  )
})
