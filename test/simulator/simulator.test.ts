import { spawnSync } from 'node:child_process'
import path from 'node:path'
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

test('a seed alone is that one world, and what the command does not take is a sentence', () => {
  const main = path.join(import.meta.dirname, 'main.ts')
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
    return { status, stdout, lines: stderr.split('\n').length }
  }
  expect(run('--seed', '4711')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^1 world holds/u) })
  expect(run('--rnus', '3')).toEqual({ status: 2, stdout: '', lines: 2 })
  expect(run('--runs', 'x')).toEqual({ status: 2, stdout: '', lines: 2 })
})
