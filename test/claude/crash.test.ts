// Claude killed at every point: its program, its session process, both at once. The next attempt goes on as a runner would begin it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { markerOf } from '../../src/runner/attempt-files.ts'
import { marked } from '../../src/runner/processes.ts'
import type { Answer } from '../../src/task/request.ts'
import { say, use, type Asked, type Reply, type Script } from '../fake/model.ts'
import { asked, ending, type Heard } from '../session/support.ts'
import { kill9, told } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { answerTo, claude, type Claude } from './support.ts'

const QUESTIONS = {
  questions: [
    {
      question: 'Which DB?',
      header: 'DB',
      multiSelect: false,
      options: [
        { label: 'SQLite', description: 'small' },
        { label: 'PG', description: 'big' },
      ],
    },
  ],
}

type Victim = 'program' | 'session process' | 'both'
const VICTIMS: Victim[] = ['program', 'session process', 'both']

/** SIGKILL, and then wait until the attempt is known to be gone, with nothing of it left. */
async function kill(victim: Victim, { home, pid }: Claude, heard: Heard, attempt = 1): Promise<void> {
  const session = await pid('t1', attempt)
  const marker = markerOf(home, 't1', attempt)
  const program = marked(marker).filter((one) => commandOf(one) === 'claude')
  const victims = [...(victim === 'program' ? [] : [session]), ...(victim === 'session process' ? [] : program)]
  for (const one of victims) kill9(one)
  await until(() => heard.gone, { within: 15_000, what: 'the attempt is gone' })
  expect(heard.gone).toMatchObject({ ended: false })
  expect(marked(marker)).toEqual([])
}

const delivered = (heards: Heard[]): string[] =>
  heards.flatMap(({ events }) => events.flatMap((event) => (event.type === 'delivered' ? event.request : [])))
const requests = (heards: Heard[]): number =>
  heards.flatMap(({ events }) => events.filter((event) => event.type === 'requested')).length

describe.each(VICTIMS)('killed: %s', (victim) => {
  test('before anything reached disk: the prompt is said again', async () => {
    const { begin, again, model, ...rest } = await claude(() => say('Done.'))
    model.script = () => ({ hang: true })
    const first = begin('Say done', { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' } })
    await rest.pid()
    await kill(victim === 'program' ? 'both' : victim, { begin, again, model, ...rest }, first)
    model.script = () => say('Done.')
    const second = again([first], { prompt: 'Say done' })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Done.' })
    expect(model.asked.filter(({ said }) => said.includes('Say done'))).toHaveLength(1)
  })

  test('in the middle of what it says: it goes on, and its prompt is not said again', async () => {
    let speaks = true
    const it = await claude(() => (speaks ? { hang: true } : say('Finished.')))
    const first = it.begin('Say something long')
    await until(() => it.model.asked.length === 1)
    await kill(victim, it, first)
    speaks = false
    const second = it.again([first], { prompt: 'Say something long' })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Finished.' })
    const { whole } = it.model.asked.at(-1) as Asked
    expect(whole.split('Say something long')).toHaveLength(2)
  })

  test('while a command runs: the command ends, and it is told to look before it repeats anything', async () => {
    const it = await claude(({ said, used }) => {
      if (said.includes('ended from outside')) return say('I was cut off.')
      return used.length === 0 ? use('Bash', { command: 'tail -f /dev/null', description: 'wait' }) : say('I was not.')
    })
    const anything = { options: { mode: 'bypassPermissions' }, env: { IS_SANDBOX: '1' } }
    const first = it.begin('Wait', anything)
    await until(() => marked(markerOf(it.home, 't1', 1)).some((pid) => commandOf(pid) === 'tail'))
    await until(() => transcriptOf(it).includes('"name":"Bash"'))
    await kill(victim, it, first)
    const second = it.again([first], { prompt: 'Wait', ...anything })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'I was cut off.' })
    // Ended by SIGTERM it still writes down how the command ended.
    expect(it.model.asked.at(-1)?.whole).toMatch(/outcome is unknown|Exit code 1\d\d/u)
  })

  const touch: Script = ({ results, whole, used }: Asked): Reply => {
    if (results[0] && !results[0].isError) return say('Made it.')
    if (whole.includes('has denied it')) return say('Then not.')
    if (used.length === 0 || whole.includes('has allowed it now'))
      return use('Bash', { command: 'touch hello.txt', description: 'Make it' })
    return say('Then not.')
  }

  test('while a permission waits: the yes is for the same call, once, without asking again', async () => {
    const it = await claude(touch)
    const first = it.begin('Make hello.txt')
    const ask = await asked(first)
    await kill(victim, it, first)
    const second = it.again([first], { prompt: 'Make hello.txt', answers: [answerTo(ask, 'allow')] })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Made it.' })
    expect(existsSync(join(it.dir, 'hello.txt'))).toBe(true)
    expect(delivered([first, second])).toEqual([ask.id])
    expect(requests([first, second])).toBe(1)
  })

  test('while a permission waits: the no reaches it with its reason', async () => {
    const it = await claude(touch)
    const first = it.begin('Make hello.txt')
    const ask = await asked(first)
    await kill(victim, it, first)
    const second = it.again([first], { answers: [answerTo(ask, 'deny', { reason: 'use another name' })] })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Then not.' })
    expect(it.model.asked.at(-1)?.said).toContain('ann has denied it: use another name')
    expect(existsSync(join(it.dir, 'hello.txt'))).toBe(false)
    expect(delivered([first, second])).toEqual([ask.id])
  })

  test('while a question waits: the answer reaches the very same call', async () => {
    const it = await claude(({ results }) => (results[0] ? say(results[0].text) : use('AskUserQuestion', QUESTIONS)))
    const first = it.begin('Ask me')
    const ask = await asked(first)
    await kill(victim === 'program' ? 'session process' : victim, it, first)
    const second = it.again([first], { answers: [answerTo(ask, 'c1')] })
    expect(await ending(second)).toMatchObject({
      type: 'completed',
      summary: expect.stringContaining('"Which DB?"="PG"') as string,
    })
    expect(it.model.asked.at(-1)?.results[0]?.id).toBe(ask.id)
    expect(delivered([first, second])).toEqual([ask.id])
    expect(requests([first, second])).toBe(1)
  })

  test('while a plan waits: the go reaches the very same call, and then it may edit', async () => {
    const it = await claude(planned)
    const first = it.begin('Plan it', { options: { mode: 'plan' } })
    const ask = await asked(first)
    expect(ask).toMatchObject({ kind: 'plan', detail: '# The plan\n1. Write x.txt\n' })
    await kill(victim === 'program' ? 'session process' : victim, it, first)
    const second = it.again([first], { options: { mode: 'plan' }, answers: [answerTo(ask, 'edits')] })
    expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'Wrote it.' })
    expect(existsSync(join(it.dir, 'x.txt'))).toBe(true)
    expect(requests([first, second])).toBe(1)
  })

  test('after an answer was given and before it was delivered: it is delivered once, and never runs twice', async () => {
    const it = await claude(touch)
    const first = it.begin('Make hello.txt')
    const ask = await asked(first)
    const answer: Answer = answerTo(ask, 'allow')
    const gone = kill(victim, it, first)
    it.sessions.deliver('t1', 1, { answer })
    await gone
    const answers = delivered([first]).length === 0 ? [answer] : []
    const second = it.again([first], { prompt: 'Make hello.txt', answers })
    await until(() => second.gone !== null || requests([second]) > 0)
    // Delivered to a call that died with it, the yes is used up: whoever wants the call again asks again.
    if (second.gone === null) it.sessions.deliver('t1', 2, { answer: answerTo(await asked(second), 'allow') })
    expect(await ending(second)).toMatchObject({ type: 'completed' })
    expect(delivered([first, second]).filter((id) => id === ask.id)).toHaveLength(1)
  })
})

test('its program ended with SIGTERM while a permission waits: that is still asked', async () => {
  const it = await claude(() => use('Bash', { command: 'touch hello.txt', description: 'Make it' }))
  const first = it.begin('Make hello.txt')
  await asked(first)
  for (const pid of marked(markerOf(it.home, 't1', 1)).filter((one) => commandOf(one) === 'claude'))
    process.kill(pid, 'SIGTERM')
  await until(() => first.gone, { within: 15_000, what: 'the attempt is gone' })
  expect(first.gone).toMatchObject({ ended: false })
  expect(first.events.map(({ type }) => type)).not.toContain('withdrawn')
})

test('killed while it waits for work in the background, what it said before is not taken for the end', async () => {
  const it = await claude(({ said, used }) => {
    if (said.includes('ended from outside')) return say('I was cut off.')
    return used.length === 0
      ? use('Bash', { command: 'tail -f /dev/null', description: 'watch', run_in_background: true })
      : say('It runs in the background.')
  })
  const anything = { options: { mode: 'bypassPermissions' }, env: { IS_SANDBOX: '1' } }
  const first = it.begin('Watch', anything)
  await until(() => first.progress.some(({ now }) => now === 'waits for watch'), { what: 'it waits' })
  await kill('program', it, first)
  const second = it.again([first], { prompt: 'Watch', ...anything })
  expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'I was cut off.' })
})

/** Writes a plan where it is told to, and after the go the file it is about. */
function planned({ used, whole, results }: Asked): Reply {
  const [, file = ''] = /(\/[^\s"\\]*plans\/[\w-]+\.md)/u.exec(whole) ?? []
  const [, workspace = ''] = /Primary working directory: ([^\s"\\]+)/u.exec(whole) ?? []
  if (used.length === 0) return use('Write', { file_path: file, content: '# The plan\n1. Write x.txt\n' })
  if (!used.includes('ExitPlanMode')) return use('ExitPlanMode', {})
  if (used.at(-1) === 'ExitPlanMode' && results[0] && !results[0].isError)
    return use('Write', { file_path: join(workspace, 'x.txt'), content: 'hello' })
  return say(used.at(-1) === 'Write' ? 'Wrote it.' : 'No go.')
}

/** What Claude has on disk of its conversation. */
function transcriptOf({ home }: Claude): string {
  const projects = join(home, 'person', '.claude', 'projects')
  const files = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsonl'))
  return files.map((file) => readFileSync(join(projects, file), 'utf8')).join('')
}

const commandOf = (pid: number): string => told(pid, 'comm').trim()
