import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { ending, ENV, house } from './support.ts'

/** Runs a command to its end. */
async function check(prompt: string, begin = {}, place?: string) {
  const { start, file } = await house(place)
  const last = await ending(start({ prompt, ...begin }))
  return { last, log: () => readFileSync(file('log'), 'utf8') }
}

test('a command that ends well is completed, and its output is told', async () => {
  const { last } = await check('echo hello')
  expect(last).toMatchObject({ type: 'completed', summary: 'exit 0', ending: { exit: { code: 0 }, output: 'hello' } })
})

test('a command that exits with anything but 0 has failed with its exit code', async () => {
  const { last } = await check('echo no; exit 3')
  expect(last).toMatchObject({ type: 'failed', reason: 'exit 3', ending: { exit: { code: 3 }, output: 'no' } })
})

test('a command that is killed has failed with its signal', async () => {
  const { last } = await check('kill -KILL $$')
  expect(last).toMatchObject({ type: 'failed', reason: 'killed by SIGKILL', ending: { exit: { signal: 'SIGKILL' } } })
})

test('a command nobody knows has failed with what the shell says', async () => {
  const { last } = await check('no-such-command-here')
  expect(last).toMatchObject({ type: 'failed', reason: 'exit 127' })
  expect('ending' in last && last.ending.output).toContain('no-such-command-here')
})

test('a command that reads its input finds it closed and ends', async () => {
  const { last } = await check('read answer; echo "got <$answer> $?"; cat')
  expect(last).toMatchObject({ type: 'completed', ending: { output: 'got <> 1' } })
})

test('a command runs in the directory of its workspace', async () => {
  const { dir, start } = await house()
  const odd = `${dir}/mit Leerzeichen & 日本`
  mkdirSync(odd)
  const last = await ending(start({ prompt: 'pwd', work: { kind: 'here', repo: null, path: odd } }))
  expect(last).toMatchObject({ type: 'completed', ending: { output: odd } })
})

test('a directory that is gone is said in a sentence', async () => {
  const { last } = await check('pwd', { work: { kind: 'here', repo: null, path: '/no/such/directory' } })
  expect(last).toMatchObject({ type: 'failed', reason: 'There is no directory /no/such/directory.' })
})

test('the log has both streams in the order they were written, complete, 20 MB of them', async () => {
  const lines = 1_500_000
  const script = `i=0; echo begin >&2; seq 1 ${lines}; echo middle >&2; seq 1 ${lines} >&2; echo end`
  const { last, log } = await check(script)
  expect(last.type).toBe('completed')
  const numbers = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('')
  const whole = `begin\n${numbers}middle\n${numbers}end\n`
  expect(whole.length).toBeGreaterThan(20_000_000)
  expect(digest(log())).toBe(digest(whole))
}, 60_000)

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

test('writing to a stream that is opened anew loses nothing of the log', async () => {
  const { log } = await check('echo one; echo two > /dev/stderr; echo three > /dev/stdout; echo four | tee /dev/stderr')
  expect(log()).toBe('one\ntwo\nthree\nfour\nfour\n')
})

test('what a script pipes its output through may write its last line after the script', async () => {
  const { log } = await check('exec > >(sleep 0.05; cat); echo late')
  expect(log()).toBe('late\n')
})

test('a long output is told as its head and its tail around what is left out', async () => {
  const { last } = await check('seq 1 100000')
  const output = ('ending' in last && last.ending.output) || ''
  expect(output).toMatch(/^1\n2\n3\n/)
  expect(output).toMatch(/\n99999\n100000$/)
  expect(output).toMatch(/\n… 585\.\d kB left out, the log has all 588\.9 kB …\n/)
  expect(output.length).toBeLessThan(3200)
})

test('colours and control characters are kept in the log and removed for the reader', async () => {
  const { last, log } = await check(String.raw`printf '\e[31mred\e[0m\a 10%%\r 99%%\rdone\n\e]0;title\aü\xff\n'`)
  expect(log()).toContain('\u001b[31mred')
  expect(last).toMatchObject({ ending: { output: 'done\nü\ufffd' } })
})

test('binary output harms nobody', async () => {
  const { last } = await check('head -c 200000 /dev/urandom')
  expect(last).toMatchObject({ type: 'completed', ending: { exit: { code: 0 } } })
})

test('a command of 300 kB is run', async () => {
  const { last } = await check(`x='${'ü'.repeat(150_000)}'; echo \${#x}`, { env: { ...ENV, LC_ALL: 'C.UTF-8' } })
  expect(last).toMatchObject({ type: 'completed', ending: { output: '150000' } })
})

test('a command with a zero character in it is refused in a sentence', async () => {
  const { last } = await check('echo \0')
  expect(last).toMatchObject({ type: 'failed', reason: 'A command cannot hold a zero character.' })
})

test('an environment has what it was given and the marker, and nothing of ours', async () => {
  process.env['SLACK_BOT_TOKEN'] = 'xoxb-secret'
  const { last } = await check('env', { env: { ...ENV, ONLY: 'this' } })
  delete process.env['SLACK_BOT_TOKEN']
  const output = ('ending' in last && last.ending.output) || ''
  const names = output.split('\n').map((line) => line.split('=')[0])
  expect(names.toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual([
    '_',
    'BACKCHANNEL_SESSION',
    'HOME',
    'LANG',
    'ONLY',
    'PATH',
    'PWD',
    'SHLVL',
  ])
})

test('the values of the environment do not stay in the directory of the attempt', async () => {
  const { start, file } = await house()
  await ending(start({ env: { ...ENV, API_KEY: 'sk-secret' } }))
  expect(readFileSync(file('spec'), 'utf8')).not.toContain('sk-secret')
  expect(readFileSync(file('spec'), 'utf8')).toContain('API_KEY')
})

test('nobody else may read what an attempt writes', async () => {
  const { start, file } = await house()
  await ending(start())
  for (const name of ['spec', 'owner', 'events', 'log'] as const) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
})

test('a background process that a command leaves behind is ended, and the log says so', async () => {
  const { last, log } = await check('sleep 300 & setsid sh -c "sleep 301 &"; echo done')
  expect(last.type).toBe('completed')
  expect(log()).toMatch(
    /^done\n\[backchannel\] ended what was left running in the background: sleep \(\d+\), sleep \(\d+\)\n$/,
  )
})

test('what a command does right now is the last line it wrote', async () => {
  const { start, sessions } = await house()
  const heard = start({ prompt: 'echo first; echo; printf "\\e[1msecond\\e[0m"; sleep 60' })
  const seen = await until(() => heard.progress.at(-1))
  sessions.stop('t1', 1)
  await ending(heard)
  expect(seen.now).toBe('second')
})

test('the session process of a command takes at most 75 MB, also the first one of a home', async () => {
  const rss = 'grep VmRSS /proc/$PPID/status'
  const fresh = await home()
  for (const [index, prompt] of [rss, rss, `seq 1 3000000; ${rss}`].entries()) {
    const { last } = await check(prompt, { attempt: index + 1 }, fresh)
    const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(('ending' in last && last.ending.output) || '')?.[1])
    expect(kilobytes).toBeGreaterThan(20_000)
    expect(kilobytes).toBeLessThan(75 * 1024)
  }
})
