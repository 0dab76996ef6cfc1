// Who may do what, as it is written in config.yaml.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import { home } from './support/home.ts'

async function readAll(config: string) {
  const folder = await home()
  fs.writeFileSync(path.join(folder, 'config.yaml'), config)
  return readConfig({ BACKCHANNEL_HOME: folder })
}
const read = async (config: string) => (await readAll(config)).settings.people

test('roles name people by chat and id; who administers is an owner', async () => {
  expect(
    await read(`people:
  developers: { who: ["web:eve", "other:a:b"], start: true, answer: own, repos: [api] }
  admins:
    who: [web:bob]
    admin: true
`),
  ).toEqual([
    {
      name: 'developers',
      who: [
        { chat: 'web', id: 'eve' },
        { chat: 'other', id: 'a:b' },
      ],
      start: true,
      answer: 'own',
      repos: ['api'],
    },
    { name: 'admins', who: [{ chat: 'web', id: 'bob' }], admin: true },
  ])
  expect(await read('')).toEqual([])
})

test('words of outsiders are kept, or marked', async () => {
  expect((await readAll('')).settings.outsiders).toBe('keep')
  expect((await readAll('outsiders: mark\n')).settings.outsiders).toBe('mark')
  await expect(readAll('outsiders: tell\n')).rejects.toThrow(':1: “outsiders” must be keep or mark.')
})

test('ids of one person stand together', async () => {
  const { settings } = await readAll('persons:\n  ann: ["web:owner", "other:7"]\n')
  expect(settings.persons).toEqual([
    [
      { chat: 'web', id: 'owner' },
      { chat: 'other', id: '7' },
    ],
  ])
})

test('a rule that asks may want more than one yes', async () => {
  const { rules } = await readAll(`people:
  releasers: { who: ["web:eve"], answer: others }
permissions:
  ask:
    - Bash(npm *)
    - { rule: "Bash(git push *)", approvers: 2, from: [releasers], reason: true, hours: "09:00-17:30", tz: Europe/Berlin }
    - { rule: "Bash(rm *)", reason: false }
    - rule: Bash(make *)
      hours: "22:00-24:00"
`)
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  expect(rules.map(({ list, text, demands }) => [list, text, demands])).toEqual([
    ['ask', 'Bash(npm *)', undefined],
    [
      'ask',
      'Bash(git push *)',
      { approvers: 2, from: ['releasers'], reason: true, hours: { from: 540, to: 1050, zone: 'Europe/Berlin' } },
    ],
    ['ask', 'Bash(rm *)', undefined],
    ['ask', 'Bash(make *)', { hours: { from: 1320, to: 1440, zone: own } }],
  ])
})

const ASK = 'permissions:\n  ask:\n    - '
test.each([
  ['persons:\n  ann: []\n', ':2: “persons.ann” must be at least 1.'],
  ['persons:\n  ann: [U1]\n', ':2: “persons.ann.0” must be CHAT:ID, a chat and what it calls somebody.'],
  [`${ASK}5\n`, ':3: “permissions.ask.0” must be a rule (put it in quotes), or a mapping with rule, approvers'],
  [`${ASK}{ approvers: 2 }\n`, ':3: “permissions.ask.0.rule” must be text (put it in quotes).'],
  [
    `${ASK}{ rule: Bash(a), votes: 2 }\n`,
    ':3: “permissions.ask.0.votes” is not a key here; possible: rule, approvers, from',
  ],
  [`${ASK}{ rule: Bash(a), approvers: 0 }\n`, ':3: “permissions.ask.0.approvers” must be at least 1.'],
  [`${ASK}{ rule: Bash(a), reason: yes please }\n`, ':3: “permissions.ask.0.reason” must be true or false.'],
  [
    `${ASK}{ rule: Bash(a), hours: 9-17 }\n`,
    ':3: “permissions.ask.0.hours” must be hours such as "09:00-17:00" (in quotes).',
  ],
  [`${ASK}{ rule: Bash(a), hours: "09:00-09:00" }\n`, 'must be hours such as'],
  [`${ASK}{ rule: Bash(a), hours: "09:00-25:00" }\n`, 'must be hours such as'],
  [`${ASK}{ rule: Bash(a), tz: Mars }\n`, ':3: “permissions.ask.0.tz” must be a time zone such as Europe/Berlin.'],
  [`${ASK}{ rule: "mcp__*(x)", approvers: 2 }\n`, ':3: “permissions.ask”: “mcp__*(x)” has a “*”'],
  [
    `${ASK}{ rule: Bash(a), from: [releasers] }\n`,
    ':3: “permissions.ask”: “from: releasers” must be a role in people that may answer; there is none.',
  ],
  [
    'permissions:\n  deny:\n    - { rule: Bash(a), approvers: 2 }\n',
    ':3: “permissions.deny.0” must be text (put it in quotes).',
  ],
])('%j is an error that says what is possible', async (config, sentence) => {
  await expect(readAll(config)).rejects.toThrow(sentence)
})

test.each([
  ['people:\n  x:\n    who: [ann]\n', ':3: “people.x.who.0” must be CHAT:ID, a chat and what it calls somebody.'],
  ['people:\n  x:\n    start: true\n', ':2: “people.x.who” must be a list.'],
  ['people:\n  x:\n    who: []\n    answer: mine\n', ':4: “people.x.answer” must be own, others or all.'],
  ['people:\n  x:\n    who: []\n    start: maybe\n', ':4: “people.x.start” must be true or false.'],
  [
    'people:\n  x:\n    who: []\n    votes: all\n',
    ':4: “people.x.votes” is not a key here; possible: who, admin, start, answer, guide, stop, repos, agents, modes.',
  ],
  ['people: [ann]\n', ':1: “people” must be a mapping of keys to values.'],
])('%j is an error with line, key and what is possible', async (config, sentence) => {
  const error: unknown = await read(config).catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ConfigError)
  expect((error as ConfigError).message).toContain(`config.yaml${sentence}`)
})
