import { assert, asyncProperty, lorem, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { masker } from '../../src/adapters/secrets/index.ts'
import { secretValues } from '../../src/adapters/secrets/values.ts'
import type { CatchUp, Chat, Inbound, Reply } from '../../src/bot/chat.ts'
import { maskedCard, maskedChat } from '../../src/bot/masking.ts'
import type { Card } from '../../src/task/card.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'

/** Put together here, so that nobody’s scanner takes this file for a leak. */
const GITHUB = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_')
const KEY = (label: string) => `-----${label} RSA PRIVATE KEY-----`
const BODY = 'MIIEowIBAAKCAQEA'.repeat(8)
const OWN = 'correct-horse-battery'
const mask = masker(() =>
  secretValues({ MY_TOKEN: OWN, HOME: '/home/ann/somewhere', SHORT_KEY: 'abc', PATH: 'a-long-value' }),
)

describe('what is masked', () => {
  test.each([
    ['a token of a known format', `curl -u ann:${GITHUB} x`, GITHUB],
    ['the value of a variable that looks secret', `echo ${OWN}`, OWN],
    ['an assignment in a command', 'DB_PASSWORD=s3cr3t-thing npm start', 's3cr3t-thing'],
    ['one in quotes', `export API_KEY="with some spaces"`, 'with some spaces'],
    ['a bearer token', 'curl -H "Authorization: Bearer abcdefgh12345678"', 'abcdefgh12345678'],
    ['a JSON web token', 'x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN y', 'dozjgNryP4J3jVmN'],
    ['a login of Claude Code', `export X ${['sk', 'ant', 'oat01', 'a1B2c3D4'.repeat(6)].join('-')}`, 'a1B2c3D4a1B2'],
    ['a bot of Discord', ['MTk4NjIyNDgzNDcxOTI1MjQ4', 'Cl2FMQ', 'ZnCjm1XVW7vRze4b7Cq4se7kKWs'].join('.'), 'ZnCjm1XVW7'],
    ['a key in a header', 'curl -H "X-Api-Key: abcdefgh12345678"', 'abcdefgh12345678'],
    ['an option', 'mysql --password=hunter2hunter', 'hunter2hunter'],
    ['an option and its word', 'gh auth login --token hunter2hunter', 'hunter2hunter'],
    ['a login', 'curl -u ann:hunter2hunter https://example.com', 'hunter2hunter'],
    ['a setting in JSON', '{"password": "hunter2hunter"}', 'hunter2hunter'],
    ['a name in small letters', 'export db_password=hunter2hunter', 'hunter2hunter'],
    ['a password in an address', 'postgres://ann:hunter2hunter@db/x', 'hunter2hunter'],
    ['a private key', `${KEY('BEGIN')}\n${BODY}\n${KEY('END')}`, BODY],
    ['the first half of a private key', `cat k\n${KEY('BEGIN')}\n${BODY}\n${BODY}`, BODY],
    ['the second half of one', `${BODY}\n${BODY}\n${KEY('END')}\ndone`, BODY],
  ])('%s', async (_name, text, secret) => {
    const shown = await mask(text)
    expect(shown).not.toContain(secret)
    expect(shown).toContain('[masked]')
  })

  test.each([
    ['a path', 'SSH_KEY=/home/ann/.ssh/id_ed25519'],
    ['a reference', 'TOKEN=$OTHER npm publish'],
    ['a type in code', 'const password: string = read()'],
    ['what is called like a variable but looks like none', 'PATH=a-long-value HOME=/home/ann/somewhere'],
    ['a short value', 'abc'],
    ['a key of a language', '{"password": "validation.required"}'],
    ['a user and a group', 'docker run -u 1000:1000 img'],
    ['an option without a value', 'npm login --token --registry x'],
    ['a call', 'const token=readToken(); password=input.value'],
    ['a number', 'MAX_TOKENS=100000'],
    ['an address without a password', 'API_URL=https://example.com/v1'],
  ])('but not %s', async (_name, text) => expect(await mask(text)).toBe(text))

  test('text without a secret is left to the letter', async () => {
    await assert(
      asyncProperty(lorem({ maxCount: 40, mode: 'sentences' }), async (text) => {
        expect(await mask(text)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  test.for(['eyJ', 'password="x', '-----BEGIN PRIVATE KEY-----', '-u a:', 'M', 'TOKEN='])(
    'a text full of “%s” is looked through in no time',
    async (part) => {
      await mask('')
      const since = performance.now()
      await mask(part.repeat(Math.ceil(90_000 / part.length)))
      expect(performance.now() - since).toBeLessThan(5_000)
    },
  )

  test('a secret is masked wherever it stands', async () => {
    await assert(
      asyncProperty(string(), string(), async (before, after) => {
        expect(await mask(`${before} ${OWN} ${after}`)).not.toContain(OWN)
        expect(await mask(`${before} ${GITHUB} ${after}`)).not.toContain(GITHUB)
      }),
      { numRuns: 100 },
    )
  })
})

/** Every place of a card that can hold text has the secret in it. */
const FULL: Card = {
  tone: 'needs',
  title: `title ${GITHUB}`,
  body: [
    {
      kind: 'line',
      parts: [
        `text ${GITHUB}`,
        { code: OWN },
        { strong: OWN },
        { file: { task: 't1', path: `a/${GITHUB}` } },
        { message: { chat: 'c', channel: 'c', id: '1' }, text: OWN },
        { at: 1 },
      ],
    },
    { kind: 'words', text: `words ${OWN}` },
    { kind: 'code', text: `code ${GITHUB}`, title: `heading ${OWN}` },
    { kind: 'checklist', items: [{ text: `item ${OWN}`, state: 'todo' }] },
  ],
  buttons: [
    { id: 'v1:vote:t1:q1:allow', label: `Allow ${OWN}` },
    {
      id: 'v1:vote:t1:q1:deny',
      label: 'Deny…',
      form: {
        title: OWN,
        says: OWN,
        submit: `Deny ${OWN}`,
        fields: [{ id: 'reason', label: OWN, required: false, choices: [{ label: OWN, description: OWN }] }],
      },
    },
    {
      id: 'v1:vote:t1:q1:edit',
      label: 'Edit…',
      form: {
        title: 'Edit',
        submit: 'Allow',
        fields: [{ id: 'x', label: 'Command', required: true, prefill: `curl ${GITHUB}` }],
      },
    },
  ],
  mention: [],
  thread: { name: OWN, isOver: false },
}

describe('a card', () => {
  test('carries no secret in any of its places, and keeps all else', async () => {
    const shown = await maskedCard(FULL, mask)
    expect(JSON.stringify(shown)).not.toContain(OWN)
    expect(JSON.stringify(shown)).not.toContain(GITHUB)
    expect(shown.body).toHaveLength(FULL.body.length + 1)
    expect(shown.body[1]).toEqual({ kind: 'words', text: 'words [masked]' })
  })

  test('keeps its own lines and buttons, whatever an agent puts between its words', async () => {
    const between = '\n\u0001\n'
    const buttons = ['Allow once', 'Deny'].map((label) => ({ id: label, label }))
    const body: Card['body'] = [
      { kind: 'words', text: ['it is safe', 'Deny', 'Allow once', 'Deny'].join(between) },
      { kind: 'words', text: KEY('BEGIN') },
      { kind: 'line', parts: ['It is dangerous.'] },
    ]
    const shown = await maskedCard({ tone: 'needs', title: 'ask', body, buttons, mention: [] }, mask)
    expect(shown.buttons).toEqual(buttons)
    expect(shown.body.at(-1)).toEqual({ kind: 'line', parts: ['It is dangerous.'] })
  })

  test('offers nobody to send back what has a hole in it', async () => {
    const shown = await maskedCard(FULL, mask)
    expect(shown.buttons.map(({ id }) => id)).toEqual(['v1:vote:t1:q1:allow', 'v1:vote:t1:q1:deny'])
    expect(shown.body.at(-1)).toEqual({
      kind: 'line',
      parts: [expect.stringContaining('edit it on the local page') as string],
    })
  })

  test('without a secret is the same card', async () => {
    const card: Card = {
      tone: 'good',
      title: 'Done',
      body: [{ kind: 'words', text: 'It works.' }],
      buttons: [],
      mention: [],
    }
    expect(await maskedCard(card, mask)).toEqual(card)
  })
})

describe('a chat off this machine', () => {
  async function on(masking = mask) {
    const posted: Card[] = []
    let receive: (event: Inbound) => Promise<Reply> = async () => ({ kind: 'none' })
    let asked: CatchUp = NOTHING_MISSED
    const chat: Chat = {
      id: 'far',
      limits: { name: 'far', cardCharsMax: 1e6, forms: true, marks: true, lines: true, editsPerMinute: null },
      start: async (given, catchUp) => {
        receive = given
        asked = catchUp
      },
      stop: async () => {},
      health: () => ({ state: 'live', since: 0 }),
      post: async (_place, card) => {
        posted.push(card)
        return { chat: 'far', channel: 'c', id: '1' }
      },
      edit: async (_ref, card) => {
        posted.push(card)
        return 'edited'
      },
      find: async () => null,
      mark: async () => {},
    }
    const replies: Reply[] = [
      { kind: 'refused', text: OWN },
      { kind: 'text', text: OWN, code: GITHUB },
      { kind: 'cards', text: OWN, cards: [FULL] },
      { kind: 'form', id: 'x', form: FULL.buttons[2]?.form ?? { title: '', submit: '', fields: [] } },
      { kind: 'none' },
    ]
    const shown = maskedChat(chat, masking)
    await shown.start(async () => replies.shift() ?? { kind: 'none' }, {
      ...NOTHING_MISSED,
      form: async () => FULL.buttons[1]?.form ?? null,
    })
    return {
      shown,
      posted,
      says: () =>
        receive({
          kind: 'command',
          key: 'k',
          actor: { chat: 'far', id: 'a', name: 'a' },
          place: { chat: 'far', channel: 'c' },
          text: 'x',
        }),
      form: () => asked.form('x'),
    }
  }

  test('is given no secret, in a card, an answer or a form', async () => {
    const { shown, posted, says, form } = await on()
    const ref = await shown.post({ chat: 'far', channel: 'c' }, FULL, 'k')
    await shown.edit(ref, FULL)
    const given = JSON.stringify([posted, await says(), await says(), await says(), await says(), await form()])
    expect(given).not.toContain(OWN)
    expect(given).not.toContain(GITHUB)
    expect(await says()).toEqual({ kind: 'none' })
  })

  test('is given nothing when nobody can tell what is secret', async () => {
    const { shown, posted } = await on(() => Promise.reject(new Error('out of memory')))
    await expect(shown.post({ chat: 'far', channel: 'c' }, FULL, 'k')).rejects.toThrow('out of memory')
    expect(posted).toEqual([])
  })
})
