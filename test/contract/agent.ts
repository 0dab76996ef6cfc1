// What every agent keeps to, whatever works behind it, through a real session process. An agent's test gives a `Driver`: a house in
// which it can be begun at a few deeds, and what came of them. What an agent cannot do it says in its limits; then that part is
// not asked for.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Agent } from '../../src/runner/agent.ts'
import { agentHome, markerOf } from '../../src/runner/attempt-files.ts'
import { marked } from '../../src/runner/processes.ts'
import { MARKER_VARIABLE, type SessionEvent } from '../../src/runner/protocol.ts'
import type { Begin } from '../../src/runner/sessions.ts'
import { asked, ending, next, no, yes, type Heard, type House } from '../session/support.ts'
import { until } from '../support/until.ts'

/** What an agent is told to do, in its working directory. */
export type Deed =
  /** Runs a command without asking, and is done when that is. */
  | { does: 'run'; command: string }
  /** Asks before something that leaves a trace, and does it if it may; `times`: the very same call again. */
  | { does: 'ask'; times?: number }
  /** Is told a text and ends. */
  | { does: 'hear'; text: string }
  /** Has something else to tell about itself many times a second, for about two seconds. */
  | { does: 'chatter' }
  | { does: 'fail' }

export type Driver = House & {
  /** The environment its sessions are given. */
  env: Record<string, string>
  begin(deed: Deed, begin?: Partial<Begin>): Heard
  /** All it was told by people in these attempts, in the order in which it was. */
  told(heards: Heard[]): string
  /** How often it took its prompt in them. */
  prompted(heards: Heard[]): number
  /** How often it did what it asked for. */
  done(): number
  /** Variables that what it runs finds besides those it was given: the agent's own word about itself. */
  adds: RegExp
}

/** What a shell sets for itself. */
const OF_SHELLS = /^(_|PWD|OLDPWD|SHELL|SHLVL)$/
const GRACE_MS = 500
/** A stop is asked, SIGTERM and SIGKILL; the rest is what looking takes on a busy machine. */
const STOPPED_MS_MAX = 5000
const EVERY_SCRIPT = [
  `It's "quoted" \\ $HOME $(touch ran) \`touch ran\` %s {{x}} <b>&amp;</b> 'E' !! # ; | * ~ -n`,
  'Ελληνικά кириллица 中文 日本語 한국어 العربية עברית हिन्दी ไทย ગુજરાતી 𝒜𝓁𝓁 👩‍👩‍👧‍👦 é é \u00a0 ﷽',
  '\ttabs\tand   spaces   ',
  '',
  'end',
].join('\n')
const LONG = `${EVERY_SCRIPT}\n${'all work and no play\n'.repeat(5000)}${EVERY_SCRIPT}`

export function agentContract(agent: Agent, make: () => Promise<Driver>): void {
  const { guidance, resume } = agent.limits

  describe(`${agent.name} keeps to what every agent keeps to:`, () => {
    test('it says that it has the prompt, works, and ends once, with nothing of it alive', async () => {
      const it = await make()
      const heard = it.begin({ does: 'run', command: `${LEFT_BEHIND}; touch ran` })
      expect(await ended(it, heard)).toMatchObject({ type: 'completed', summary: expect.any(String) as string })
      expect(existsSync(join(it.dir, 'ran'))).toBe(true)
      expect(typesOf([heard]).filter((type) => type === 'identified')).toHaveLength(resume ? 1 : 0)
    })

    test('what goes wrong is an end with a sentence', async () => {
      const it = await make()
      expect(reasonOf(await ended(it, it.begin({ does: 'fail' })))).not.toBe('')
    })

    test('a permission is asked before anything is done, and a yes that comes three times is used once', async () => {
      const it = await make()
      const heard = it.begin({ does: 'ask' })
      const ask = await asked(heard)
      expect(ask).toMatchObject({ kind: 'permission', detail: expect.stringContaining('ran') as string })
      expect(it.done()).toBe(0)
      for (let n = 0; n < 3; n++) it.sessions.deliver('t1', 1, { answer: yes(ask) })
      expect(await ended(it, heard)).toMatchObject({ type: 'completed' })
      expect(it.done()).toBe(1)
      expect(delivered([heard])).toEqual([ask.id])
      expect(typesOf([heard]).filter((type) => type === 'requested')).toHaveLength(1)
    })

    test('a no reaches it with its reason, and nothing is done', async () => {
      const it = await make()
      const heard = it.begin({ does: 'ask' })
      const ask = await asked(heard)
      it.sessions.deliver('t1', 1, { answer: no(ask, 'the “other” one') })
      await ended(it, heard)
      expect(it.done()).toBe(0)
      expect(delivered([heard])).toEqual([ask.id])
      expect(it.told([heard])).toContain('the “other” one')
    })

    test.runIf(resume)('a yes for a request of a dead attempt is used once, and not for a second call', async () => {
      const it = await make()
      const first = it.begin({ does: 'ask', times: 2 })
      const ask = await asked(first)
      await kill(it, first)
      expect(it.done()).toBe(0)
      const second = it.begin({ does: 'ask', times: 2 }, { ...next([first]), answers: [yes(ask)] })
      const again = await asked(second)
      expect(again.id).not.toBe(ask.id)
      expect(it.done()).toBe(1)
      it.sessions.deliver('t1', 2, { answer: no(again) })
      await ended(it, second)
      expect(it.done()).toBe(1)
      expect(delivered([first, second])).toEqual([ask.id, again.id])
    })

    test.runIf(resume)(
      'a no for a request of a dead attempt reaches the next one, which does not ask again',
      async () => {
        const it = await make()
        const first = it.begin({ does: 'ask' })
        const ask = await asked(first)
        await kill(it, first)
        const second = it.begin({ does: 'ask' }, { ...next([first]), answers: [no(ask, 'not today')] })
        await ended(it, second)
        expect(it.done()).toBe(0)
        expect(delivered([first, second])).toEqual([ask.id])
        expect(typesOf([second])).not.toContain('requested')
        expect(it.told([first, second])).toContain('not today')
      },
    )

    test.runIf(resume)(
      'killed at work it goes on in the same session, and takes its prompt no second time',
      async () => {
        const it = await make()
        const deed = { does: 'run', command: `echo x >> begun; ${UNTIL_GO}` } as const
        const first = it.begin(deed)
        await until(() => existsSync(join(it.dir, 'begun')))
        await kill(it, first)
        writeFileSync(join(it.dir, 'go'), '')
        const second = it.begin(deed, next([first]))
        expect(await ended(it, second)).toMatchObject({ type: 'completed' })
        expect(readFileSync(join(it.dir, 'begun'), 'utf8')).toBe('x\n')
        expect(new Set(sessionsOf([first, second])).size).toBe(1)
        expect(it.prompted([first, second])).toBe(1)
      },
    )

    test.runIf(guidance)('guidance reaches it in order, and each is reported as delivered once', async () => {
      const it = await make()
      const heard = await atWork(it, { does: 'run', command: `touch begun; ${UNTIL_GO}` })
      for (const [id, text] of [...GUIDANCE, ...GUIDANCE]) it.sessions.deliver('t1', 1, { guide: { id, text } })
      writeFileSync(join(it.dir, 'go'), '')
      expect(await ended(it, heard)).toMatchObject({ type: 'completed' })
      const taken = heard.events.flatMap((event) => (event.type === 'guidance_delivered' ? event.guidance : []))
      expect(taken).toEqual(GUIDANCE.map(([id]) => id))
      const words = it.told([heard])
      const places = GUIDANCE.map(([, text]) => words.indexOf(text))
      expect(places).not.toContain(-1)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
    })

    test.runIf(!guidance)('guidance, which it cannot take, changes nothing and is never called delivered', async () => {
      const it = await make()
      const heard = await atWork(it, { does: 'run', command: `touch begun; ${UNTIL_GO}` })
      it.sessions.deliver('t1', 1, { guide: { id: 'g1', text: 'use y instead' } })
      writeFileSync(join(it.dir, 'go'), '')
      expect(await ended(it, heard)).toMatchObject({ type: 'completed' })
      expect(typesOf([heard])).not.toContain('guidance_delivered')
    })

    test('stopped while it works, it and all it started are gone at once, also what does not listen', async () => {
      const it = await make()
      const heard = await atWork(it, { does: 'run', command: `${LEFT_BEHIND}; ${DEAF}` })
      expect(await stopped(it, heard)).toMatchObject({ type: 'stopped' })
    })

    test('stopped while it waits for a person, it is gone at once, and nothing is done', async () => {
      const it = await make()
      const heard = it.begin({ does: 'ask' })
      await asked(heard)
      expect(await stopped(it, heard)).toMatchObject({ type: 'stopped' })
      expect(it.done()).toBe(0)
    })

    test('a prompt in every script, with quotes and empty lines, over 100 kB, arrives as it was typed', async () => {
      const it = await make()
      const heard = it.begin({ does: 'hear', text: LONG })
      expect(await ended(it, heard)).toMatchObject({ type: 'completed' })
      // Compared this way, because a difference of 100 kB cannot be read.
      expect(it.told([heard]).includes(LONG)).toBe(true)
      expect(existsSync(join(it.dir, 'ran'))).toBe(false)
    })

    test('what it runs finds the environment it was given, and nothing else', async () => {
      const it = await make()
      process.env['BACKCHANNEL_CONTRACT_SECRET'] = 'ours'
      onTestFinished(() => void delete process.env['BACKCHANNEL_CONTRACT_SECRET'])
      const env = { ...it.env, OF_THE_TASK: `it's "given"\n as it is` }
      await ended(it, it.begin({ does: 'run', command: 'env -0 > environment' }, { env }))
      const found = environmentIn(join(it.dir, 'environment'))
      expect(found).toMatchObject({ ...env, [MARKER_VARIABLE]: markerOf(it.home, 't1', 1) })
      const more = Object.keys(found).filter((name) => !(name in env) && name !== MARKER_VARIABLE)
      expect(more.filter((name) => !OF_SHELLS.test(name) && !it.adds.test(name))).toEqual([])
    })

    test('what it does right now is told, at most once a second', async () => {
      const it = await make()
      const heard = it.begin({ does: 'chatter' })
      await ended(it, heard)
      const [began, last] = [heard.events[0], heard.events.at(-1)]
      const seconds = ((last?.at ?? 0) - (began?.at ?? 0)) / 1000
      expect(heard.progress.length).toBeGreaterThan(0)
      // The first at once, the last with the end.
      expect(heard.progress.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2)
    })

    test('a working directory that is not there is a sentence', async () => {
      const it = await make()
      const path = join(it.home, 'never-made')
      const heard = it.begin({ does: 'run', command: 'true' }, { work: { kind: 'here', repo: null, path } })
      expect(reasonOf(await ended(it, heard))).toContain(path)
    })

    test('without a place for its own files it ends with a sentence', async () => {
      const it = await make()
      const place = agentHome(it.home, 't1')
      mkdirSync(join(place, '..'), { recursive: true })
      writeFileSync(place, 'in the way')
      expect(reasonOf(await ended(it, it.begin({ does: 'run', command: 'true' })))).toContain(place)
    })

    test('with a home directory of the person that cannot be written it ends as ever', async () => {
      const it = await make()
      const heard = it.begin({ does: 'run', command: 'true' }, { env: { ...it.env, HOME: '/proc/nobody' } })
      expect(await ended(it, heard)).toMatchObject({ type: expect.stringMatching(/^(completed|failed)$/) as string })
    })
  })
}

const GUIDANCE = [
  ['g1', 'keep the old names'],
  ['g2', 'and use y instead'],
] as const

const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done'
/** In a session of its own, so that no process group holds it. */
const LEFT_BEHIND = '(setsid tail -f /dev/null < /dev/null > /dev/null 2>&1 &)'
const DEAF = `trap '' TERM INT HUP; touch begun; tail -f /dev/null`

/** Begun at something that makes the file `begun` first. */
async function atWork(it: Driver, deed: Deed): Promise<Heard> {
  const heard = it.begin(deed)
  await until(() => existsSync(join(it.dir, 'begun')), { what: 'it is at work' })
  return heard
}

/** The last event of an attempt, which is the only one of its kind; nothing of the attempt lives. */
async function ended(it: Driver, heard: Heard): Promise<SessionEvent> {
  const last = await ending(heard)
  expect(heard.gone).toMatchObject({ ended: true })
  expect(typesOf([heard]).filter((type) => ENDS.includes(type))).toEqual([last.type])
  expect(marked(markerOf(it.home, 't1', 1))).toEqual([])
  return last
}

const ENDS = ['completed', 'failed', 'stopped']

async function stopped(it: Driver, heard: Heard): Promise<SessionEvent> {
  const since = performance.now()
  it.sessions.stop('t1', 1, GRACE_MS)
  const last = await ended(it, heard)
  expect(performance.now() - since).toBeLessThan(STOPPED_MS_MAX)
  return last
}

/** SIGKILL for the session process, and then wait until nothing of the attempt is left. */
async function kill({ pid }: Driver, heard: Heard): Promise<void> {
  process.kill(await pid(), 'SIGKILL')
  await until(() => heard.gone, { within: 15_000, what: 'the attempt is gone' })
  expect(heard.gone).toMatchObject({ ended: false })
}

const typesOf = (heards: Heard[]): string[] => heards.flatMap(({ events }) => events.map(({ type }) => type))
const delivered = (heards: Heard[]): string[] =>
  heards.flatMap(({ events }) => events.flatMap((event) => (event.type === 'delivered' ? event.request : [])))
const sessionsOf = (heards: Heard[]): string[] =>
  heards.flatMap(({ events }) => events.flatMap((event) => (event.type === 'identified' ? event.session : [])))

function reasonOf(event: SessionEvent): string {
  expect(event).toMatchObject({ type: 'failed' })
  return event.type === 'failed' ? event.reason : ''
}

function environmentIn(file: string): Record<string, string> {
  const pairs = readFileSync(file, 'utf8').split('\0').slice(0, -1)
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}
