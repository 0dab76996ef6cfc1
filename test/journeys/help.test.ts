// What the command line says of itself is all there is to say, and reasonable ways to type the same come to the same.
import { expect, test } from 'vitest'
import { house } from './house.ts'

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
      expect(await here.cli(['help', verb])).toEqual(help)
      if (['help', 'setup'].includes(verb)) continue
      const refused = await here.cli([verb, '--zzzzzzzz'])
      expect(refused.code).toBe(2)
      const flags = /Possible: (.*)\.$/u.exec(refused.err.trim())?.[1]?.split(', ') ?? []
      const listed = [...help.out.matchAll(/^ {2}(--[\w-]+)/gmu)].map(([, flag]) => flag)
      expect({ verb, listed: listed.toSorted() }).toEqual({ verb, listed: flags.toSorted() })
    }
  }
  await Promise.all([work(), work()])
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
