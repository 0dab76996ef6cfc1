// What setup and doctor say about the side of Slack, and the app they make there.
import { Ajv } from 'ajv'
import { expect, onTestFinished, test } from 'vitest'
import { check } from '../../src/adapters/chat/slack/check.ts'
import { manifest, manifestLink, SCOPES } from '../../src/adapters/chat/slack/manifest.ts'
import { ALL_SCOPES, APP_TOKEN, BOT_TOKEN, fakeSlack } from '../fake/slack/index.ts'
import { HAS_SPECS, manifestSchema, METHODS } from '../fake/slack/spec.ts'

async function checked(
  tokens: Partial<Parameters<typeof check>[0]> = {},
  prepare: (server: Awaited<ReturnType<typeof fakeSlack>>) => void = () => {},
) {
  const server = await fakeSlack()
  onTestFinished(() => server.close())
  prepare(server)
  const found = await check({ botToken: BOT_TOKEN, appToken: APP_TOKEN, apiUrl: server.url, connects: true, ...tokens })
  return {
    server,
    said: Object.fromEntries(found.map(({ what, ok, says }) => [what, `${ok ? 'ok' : 'MISSING'}: ${says}`])),
  }
}

test('where all is in place it says so, opens the socket once and closes it', async () => {
  const { server, said } = await checked({}, (slack) => slack.channel('C0GENERAL', []))
  expect(said).toEqual({
    'slack bot token': 'ok: @bg in local',
    'slack scopes': 'ok: all there',
    'slack channels': 'ok: it is in #c0general',
    'slack socket': 'ok: connected',
  })
  expect(server.sockets.opened()).toBe(1)
})

test('while another process is connected the socket is not opened: Slack would give it half of what happens', async () => {
  const { server, said } = await checked({ connects: false })
  expect(said['slack socket']).toContain('ok: Slack offers a connection')
  expect(server.sockets.opened()).toBe(0)
})

test.each([
  ['xoxb-other', APP_TOKEN, 'slack bot token', 'MISSING: Slack does not know SLACK_BOT_TOKEN'],
  [BOT_TOKEN, 'xapp-other', 'slack socket', 'MISSING: Slack does not know SLACK_APP_TOKEN'],
  [
    APP_TOKEN,
    BOT_TOKEN,
    'slack tokens',
    'MISSING: SLACK_BOT_TOKEN is an app-level token (xapp-…): it belongs into SLACK_APP_TOKEN',
  ],
  [
    BOT_TOKEN,
    BOT_TOKEN,
    'slack tokens',
    'MISSING: SLACK_APP_TOKEN is a bot token (xoxb-…): it belongs into SLACK_BOT_TOKEN',
  ],
  ['hello', APP_TOKEN, 'slack tokens', 'MISSING: SLACK_BOT_TOKEN is no bot token'],
])('bot token %s and app token %s: the sentence says what to do', async (botToken, appToken, what, sentence) => {
  const { said } = await checked({ botToken, appToken })
  expect(said[what]).toContain(sentence)
})

test('a scope that is missing is named with what it is for; a channel it is not in, with how to invite it', async () => {
  const { said } = await checked({}, (server) => server.revoke('reactions:write', 'usergroups:read'))
  expect(said['slack scopes']).toBe(
    'MISSING: missing: reactions:write (marks a reply as received and delivered). Add them under “OAuth & Permissions” on api.slack.com/apps and install the app again.',
  )
  expect(said['slack channels']).toContain('invite it with /invite @bg')
})

test('an app-level token without its scope, a Slack that does not answer, and one that says no hello are told apart', async () => {
  const lacks = await checked({}, (server) =>
    server.answers('apps.connections.open', () => ({ ok: false, error: 'missing_scope' })),
  )
  expect(lacks.said['slack socket']).toContain('lacks connections:write')
  const silent = await checked({}, (server) =>
    server.answers('apps.connections.open', () => ({ ok: true, url: `ws://127.0.0.1:1/` })),
  )
  expect(silent.said['slack socket']).toContain('did not say hello')
  const down = await checked({}, (server) => server.down(true))
  expect([down.said['slack bot token'], down.said['slack socket']]).toEqual(
    ['Slack does not answer', 'Slack does not answer'].map((says) => expect.stringContaining(says) as string),
  )
})

test.skipIf(!HAS_SPECS)('the manifest is one that Slack takes (skipped without its description)', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const validate = ajv.compile(manifestSchema())
  expect(validate(manifest) ? [] : validate.errors).toEqual([])
  expect(manifestLink().length).toBeLessThan(4_000)
  expect(JSON.parse(decodeURIComponent(manifestLink().split('manifest_json=')[1] ?? ''))).toEqual(manifest)
})

test.skipIf(!HAS_SPECS)(
  'it asks for what its calls need and for nothing else (skipped without Slack’s description)',
  () => {
    const calls =
      'chat.postMessage chat.postEphemeral chat.update conversations.history conversations.replies conversations.open users.conversations users.info usergroups.list reactions.add reactions.remove files.getUploadURLExternal files.completeUploadExternal'
    const asked = manifest.oauth_config.scopes.bot
    for (const call of calls.split(' ')) {
      const needed = METHODS[call]?.scope?.bot ?? []
      expect([call, needed.some((scope) => asked.includes(scope))]).toEqual([call, true])
    }
    const needed = new Set(calls.split(' ').flatMap((call) => METHODS[call]?.scope?.bot ?? []))
    // These are for what arrives.
    for (const scope of ['app_mentions:read', 'commands']) needed.add(scope)
    expect(asked.filter((scope) => !needed.has(scope))).toEqual([])
    expect([...Object.keys(SCOPES), 'usergroups:read'].toSorted()).toEqual(
      ALL_SCOPES.split(',')
        .filter((scope) => scope !== 'im:read')
        .toSorted(),
    )
  },
)
