// From nothing to a bot that answers in Slack, at the terminal.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { APP_TOKEN, BOT_TOKEN } from '../fake/slack/index.ts'
import { slackHouse } from './slack.ts'

const LONG = 90_000

test(
  'setup asks for two tokens, checks and keeps them, and its code makes an owner; doctor repeats the checks',
  { timeout: LONG },
  async () => {
    const here = await slackHouse()
    const env = { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' }
    const set = await here.cli(['setup', 'slack'], { env, input: `${BOT_TOKEN}\n${APP_TOKEN}\n` })
    expect(set).toMatchObject({ code: 0, err: '' })
    for (const words of [
      'https://api.slack.com/apps?new_app=1&manifest_json=',
      'connections:write',
      'slack socket: connected',
      '/invite @bg',
    ])
      expect(set.out).toContain(words)
    const file = path.join(here.home, 'chats.yaml')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    expect(set.out).not.toContain(BOT_TOKEN)

    const code = /\/bg (pair \S+)/u.exec(set.out)?.[1] ?? ''
    const up = await here.up({ env })
    await here.ann.command(here.channel, code)
    expect(here.ann.whispers()).toEqual([expect.stringContaining('is an owner here')])
    const doctor = await here.cli(['doctor', '--json'], { env })
    expect(JSON.parse(doctor.out)).toEqual(
      expect.arrayContaining([
        { what: 'slack bot token', ok: true, says: '@bg in local' },
        { what: 'slack scopes', ok: true, says: 'all there' },
        { what: 'slack socket', ok: true, says: expect.stringContaining('“up” holds its own') },
      ]),
    )
    here.server.revoke('chat:write')
    const lacking = await here.cli(['doctor'], { env })
    expect([lacking.code, lacking.out]).toEqual([1, expect.stringContaining('chat:write (posts and edits cards)')])
    expect(await up.end()).toBe(0)
  },
)

test('setup keeps nothing that is wrong, and says what to do', { timeout: LONG }, async () => {
  const here = await slackHouse()
  const env = { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' }
  const wrong = async (...flags: string[]) => {
    const { code, err } = await here.cli(['setup', 'slack', ...flags], { env })
    return [code, err.trim()]
  }
  expect(await wrong('--bot-token', APP_TOKEN, '--app-token', BOT_TOKEN)).toEqual([
    1,
    expect.stringContaining('it belongs into SLACK_APP_TOKEN'),
  ])
  expect(await wrong('--bot-token', 'xoxb-other', '--app-token', APP_TOKEN)).toEqual([
    1,
    expect.stringContaining('Nothing was kept: Slack does not know SLACK_BOT_TOKEN'),
  ])
  expect(await wrong()).toEqual([1, expect.stringContaining('Without both tokens nothing can be set up')])
  expect(fs.existsSync(path.join(here.home, 'chats.yaml'))).toBe(false)
  here.server.revoke('reactions:write')
  const { code, out } = await here.cli(['setup', 'slack', '--bot-token', BOT_TOKEN, '--app-token', APP_TOKEN], { env })
  expect([code, out]).toEqual([1, expect.stringContaining('reactions:write (marks')])
})
