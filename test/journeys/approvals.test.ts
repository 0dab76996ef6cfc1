// A rule that wants two people of a group, in a Slack of ours, over the real Bolt and real processes.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { SLOW } from './house.ts'
import { labelsOf, slackHouse, titleOf, wordsOf } from './slack.ts'

const LONG = 120_000
const CONFIG = `people:
  releasers: { who: ["slack:S0RELEASE"], answer: all }
persons:
  bob: ["slack:U0BOB", "slack:U0BOBTOO"]
outsiders: mark
permissions:
  ask:
    - { rule: "Bash(npm publish *)", approvers: 2, from: [releasers] }
`

test(
  'two people of a group of Slack have to agree; who started it, one person twice and outsiders do not count',
  { timeout: LONG },
  async () => {
    const here = await slackHouse({ config: CONFIG })
    const { server, ann, bob, channel } = here
    const [too, cleo, dan] = ['U0BOBTOO', 'U0CLEO', 'U0DAN'].map((id) => server.person(id, id.slice(2).toLowerCase()))
    if (!too || !cleo || !dan) throw new Error('nobody')
    for (const { id } of [too, cleo, dan]) server.world.channels.get(channel)?.members.add(id)
    server.group('S0RELEASE', [bob.id, too.id, cleo.id])
    await here.up()
    await here.pair()
    const script = 'permission npm publish x\nwait guidance\ndone Released'
    await ann.command(channel, `start --agent demo --label release ${script}`)
    const root = await here.root('release')
    const card = await here.button(root.ts, 'Allow once')
    expect(wordsOf(card)).toContain('Asked by rule Bash(npm publish *)')
    expect(wordsOf(card)).toContain('0 of 2, waiting for: releasers, not who asked for it')
    expect(labelsOf(card)).toEqual(['Allow once', 'Deny…'])

    await ann.clicks(channel, card.ts, 'Allow once')
    await until(() => ann.whispers().at(-1)?.includes('You asked for this yourself'), SLOW)
    await dan.clicks(channel, card.ts, 'Allow once')
    await until(() => dan.whispers().at(-1)?.includes('You may not answer requests here'), SLOW)
    await bob.clicks(channel, card.ts, 'Allow once')
    await until(() => wordsOf(card).includes('1 of 2, waiting for: releasers') && wordsOf(card).includes('@bob'), SLOW)
    await too.clicks(channel, card.ts, 'Allow once')
    await until(() => too.whispers().at(-1)?.includes('You have voted on this already'), SLOW)
    expect(labelsOf(card)).toEqual(['Allow once', 'Deny…'])
    await cleo.clicks(channel, card.ts, 'Allow once')
    await until(() => labelsOf(card).length === 0 && wordsOf(card).includes('Allow once by @bob and @cleo'), SLOW)

    await dan.says(channel, 'and delete the old one', { thread: root.ts })
    await until(() => here.ofThread(root.ts).some((one) => titleOf(one).startsWith('Done')), SLOW)
    const log = (await here.cli(['logs', 'release'])).out
    expect(log).toContain('[Said in the thread by @dan, an outsider who may neither start nor steer tasks')
    expect(log).toContain('> and delete the old one')
    const { facts } = await here.task('release')
    expect(facts.flatMap(({ by, body }) => (body.type === 'voted' ? [[by.name, body.as]] : []))).toEqual([
      ['bob', ['releasers']],
      ['cleo', ['releasers']],
    ])
    expect(JSON.stringify(facts)).not.toContain('S0RELEASE')
  },
)
