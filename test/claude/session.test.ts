// Which conversation a turn belongs to, and when another one begins.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { say, use } from '../fake/model.ts'
import { asked, ending } from '../session/support.ts'
import { until } from '../support/until.ts'
import { answerTo, claude } from './support.ts'

test('after /clear the next turn knows nothing of what was before', async () => {
  const { begin, again, model } = await claude(() => ({
    ...say('Done.'),
    usage: { input: 1000, output: 100 },
  }))
  const first = begin('First thing')
  await ending(first)
  const second = again([first], { prompt: '/clear', turn: 2, begun: false })
  expect(await ending(second)).toMatchObject({ type: 'completed' })
  const third = again([first, second], { prompt: 'Third thing', turn: 3, begun: false })
  expect(await ending(third)).toMatchObject({ type: 'completed', summary: 'Done.', ending: { tokens: 1100 } })
  expect(model.asked.at(-1)?.whole).toContain('Third thing')
  expect(model.asked.at(-1)?.whole).not.toContain('First thing')
  const fourth = again([first, second, third], { prompt: 'Fourth thing', turn: 4, begun: false })
  expect(await ending(fourth)).toMatchObject({ type: 'completed', ending: { tokens: 1100 } })
  expect(model.asked.at(-1)?.whole).toContain('Third thing')
})

test('a new conversation that is wanted is begun once, although everything is killed before Claude has it', async () => {
  const { home, begin, again, model, pid, sessions } = await claude(() => say('Done.'))
  const first = begin('First thing')
  await ending(first)
  rmSync(join(home, 'person', '.claude', 'projects'), { recursive: true })
  const offline = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', CLAUDE_CONFIG_DIR: '/proc/none' }
  const second = again([first], { prompt: 'Second thing', turn: 2, begun: false, env: offline })
  const ask = await asked(second)
  sessions.deliver('t1', 2, { answer: answerTo(ask, 'fresh') })
  await expect.poll(() => second.events.map(({ type }) => type), { timeout: 5000 }).toContain('delivered')
  process.kill(await pid('t1', 2), 'SIGKILL')
  await expect.poll(() => second.gone, { timeout: 9000 }).not.toBeNull()
  const third = again([first, second], { prompt: 'Second thing', turn: 2 })
  expect(await ending(third)).toMatchObject({ type: 'completed', summary: 'Done.' })
  expect(model.asked.at(-1)?.whole).not.toContain('First thing')
})

test('when what it asks cannot be written down it ends and says so', async () => {
  let asks = false
  const it = await claude(async () => {
    await until(() => asks)
    return use('Bash', { command: 'touch hello.txt', description: 'Make it' })
  })
  const heard = it.begin('Make hello.txt')
  await until(() => it.model.asked.length === 1)
  // Where the file would be written first.
  mkdirSync(join(it.home, 'tasks', 't1', 'agent', 'claude.json.new'))
  asks = true
  expect(await ending(heard)).toMatchObject({
    type: 'failed',
    reason: expect.stringMatching(
      /^What Claude does could not be written down \(.*EISDIR.*continue this task\.$/u,
    ) as string,
  })
})
