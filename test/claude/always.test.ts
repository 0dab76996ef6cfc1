// What a person allows for the session holds for all of it: over its turns, and over everything that ends its process.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { say, use, type Reply } from '../fake/model.ts'
import { asked, ending } from '../session/support.ts'
import { answerTo, claude, type Claude } from './support.ts'

/** Two turns with a call each; the answer to the first one is all that is asked for. */
async function inTwoTurns(option: string, calls: (it: Claude) => [Reply, Reply]): Promise<Claude> {
  const it: Claude = await claude(({ results, used }) =>
    results.length > 0 ? say(results[0]?.isError ? 'Not done.' : 'Done.') : (calls(it)[used.length] ?? say('Nothing.')),
  )
  const first = it.begin('Do it')
  it.sessions.deliver('t1', 1, { answer: answerTo(await asked(first), option) })
  expect(await ending(first)).toMatchObject({ summary: 'Done.' })
  const second = it.again([first], { prompt: 'Once more', turn: 2, begun: false })
  expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Done.' })
  expect(second.events.map(({ type }) => type)).not.toContain('requested')
  return it
}

test('a rule for the session is not asked about in its next turn', async () => {
  const touch = use('Bash', { command: 'touch "a, (b).txt"', description: 'Make it' })
  const { dir } = await inTwoTurns('session', () => [touch, touch])
  expect(readdirSync(dir)).toEqual(['a, (b).txt'])
})

test('a directory for the session is not asked about in its next turn', async () => {
  const { home } = await inTwoTurns('directory', ({ home: where }) => {
    const file_path = join(where, 'other', 'x.txt')
    return [use('Write', { file_path, content: 'x' }), use('Read', { file_path })]
  })
  expect(readdirSync(join(home, 'other'))).toEqual(['x.txt'])
})
