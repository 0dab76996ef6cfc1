import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readLog } from '../../src/bot/log.ts'
import type { LogQuery } from '../../src/bot/views.ts'
import { home } from '../support/home.ts'

const LOG = 'one\ntwo\nthree\nfour x\npart'

async function read(query: LogQuery, log = LOG) {
  const file = path.join(await home(), 'log')
  fs.writeFileSync(file, log)
  return readLog([file], query, false)
}

test.for<[query: LogQuery, text: string, from: number]>([
  [{ tail: 1 }, 'part', 21],
  [{ tail: 2 }, 'four x\npart', 14],
  [{ tail: 9 }, LOG, 0],
  [{ grep: 't' }, 'two\nthree\npart', 4],
  [{ grep: 'o' }, 'one\ntwo\nfour x\n', 0],
  [{ tail: 2, grep: 'o' }, 'two\nfour x\n', 4],
  [{ grep: 'none of them' }, '', 25],
  [{ tail: 9, bytesMax: 12 }, 'four x\npart', 14],
])('%j: the last lines as they are, and where the first of them begins', async ([query, text, from]) => {
  expect(await read(query)).toEqual({ text, from, next: 25, bytes: 25, ended: false })
})

test('what stands before the last lines and what follows them is all there is', async () => {
  const log = `${Array.from({ length: 90_000 }, (_, line) => `line ${line}`).join('\n')}\n`
  const last = await read({ tail: 1_000 }, log)
  const before = await read({ from: 0, bytesMax: last.from }, log)
  expect(before.text + last.text).toBe(log)
  expect((await read({ from: last.next }, `${log}more`)).text).toBe('more')
})
