// What the command line says of itself is all there is to say, and reasonable ways to type the same come to the same.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { house, SLOW } from './house.ts'

const LONG = 120_000

test('help lists every verb, and VERB --help every flag that it takes', { timeout: LONG }, async () => {
  const here = await house()
  const { out } = await here.cli(['help'])
  const verbs = [...new Set([...out.matchAll(/^ {2}(\w+)/gmu)].map(([, verb = '']) => verb))]
  const { err } = await here.cli(['zzzzzzzz'])
  const known = /Possible: (.*)\.$/u.exec(err.trim())?.[1]?.split(', ')
  expect(verbs.toSorted()).toEqual(known?.toSorted())
  const left = [...verbs]
  const work = async () => {
    for (let verb = left.shift(); verb; verb = left.shift()) {
      const help = await here.cli([verb, '--help'])
      expect(help).toEqual({ code: 0, err: '', out: expect.stringContaining(`backchannel ${verb}`) })
      if (['help', 'setup'].includes(verb)) continue
      const refused = await here.cli([verb, '--zzzzzzzz'])
      expect(refused.code).toBe(2)
      const flags = /Possible: (.*)\.$/u.exec(refused.err.trim())?.[1]?.split(', ') ?? []
      const listed = [...help.out.matchAll(/^ {2}(--[\w-]+)/gmu)].map(([, flag = '']) => flag)
      expect({ verb, listed: listed.toSorted() }).toEqual({ verb, listed: flags.toSorted() })
    }
  }
  await Promise.all([work(), work()])
  expect(await here.cli(['help', 'logs'])).toEqual(await here.cli(['logs', 'fix-it', '-h']))
  expect(await here.cli(['help', 'strat'])).toMatchObject({ code: 2, err: expect.stringContaining('“start”') })
  expect(await here.tasks()).toEqual([])
})

test(
  '--json is taken in front of the verb too, and wrong words behind a verb name the nearest',
  { timeout: LONG },
  async () => {
    const here = await house()
    const started = await here.cli(['--json', 'run', 'echo one', '--label=mine'])
    expect(JSON.parse(started.out)).toMatchObject({ prompt: 'echo one', label: 'mine' })
    for (const [args, sentence] of [
      [['repo', 'ad', '.'], 'Did you mean “add”?'],
      [['policy', 'explan', 'Read(x)'], 'Did you mean “explain”?'],
      [['rules', 'revok', 'x'], 'Did you mean “revoke”?'],
    ] as const)
      expect(await here.cli([...args])).toEqual({ code: 2, out: '', err: expect.stringContaining(sentence) })
    expect(await here.tasks()).toHaveLength(1)
  },
)

test('show says all of what a task asks, and nothing of it turns the terminal around', { timeout: LONG }, async () => {
  const here = await house()
  await here.up()
  const script = 'permission npm publish \u202eb\nchoose Which extras? Docs | CI\ndone well'
  const { id } = JSON.parse((await here.cli(['start', script, '--agent', 'demo', '--json'])).out) as { id: string }
  const asks = (title: string) =>
    until(async () => (await here.task(id)).requests.find((one) => one.title === title), { ...SLOW, what: title })
  const permission = await asks('Demo wants to run')
  const { out } = await here.cli(['show', id])
  expect(out).toContain(`Demo wants to run (${permission?.id})\n  npm publish ‹U+202E›b\n`)
  expect(out).toContain('  allow: Allow once\n')
  expect((await here.cli(['answer', id, 'allow'])).code).toBe(0)
  await asks('Which extras?')
  expect((await here.cli(['show', id])).out).toContain('    Which extras?: Docs | CI')
})

test(
  'what may not work is said where one looks: no login of an agent, and a page that nobody serves',
  { timeout: LONG },
  async () => {
    const here = await house()
    expect((await here.cli(['doctor'])).out).toContain('unsure  agent claude: no login found')
    const env = { ANTHROPIC_API_KEY: 'key' }
    expect((await here.cli(['doctor'], { env })).out).toContain('ok      agent claude: can run')
    const link = await here.cli(['login'])
    expect(link).toMatchObject({ code: 0, out: expect.stringMatching(/^http:\S+\n$/u) })
    expect(link.err).toMatch(/^Nothing answers there until “backchannel up”/u)
    await here.up()
    expect(await here.cli(['login'])).toMatchObject({ code: 0, err: '' })
  },
)
