// Who may do what, as it is written in config.yaml.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import { home } from './support/home.ts'

async function read(config: string) {
  const folder = await home()
  fs.writeFileSync(path.join(folder, 'config.yaml'), config)
  return readConfig({ BACKCHANNEL_HOME: folder }).settings.people
}

test('roles name people by chat and id; who administers is an owner', async () => {
  expect(
    await read(`people:
  developers: { who: ["web:eve", "other:a:b"], start: true, answer: own, repos: [api] }
  admins:
    who: [web:bob]
    admin: true
`),
  ).toEqual({
    admins: [{ chat: 'web', id: 'bob' }],
    roles: [
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
    ],
  })
  expect(await read('')).toEqual({ admins: [], roles: [] })
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
