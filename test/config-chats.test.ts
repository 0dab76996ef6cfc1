// Where the tokens of the chats come from, and where they never go.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { wrongTokens } from '../src/adapters/chat/slack/tokens.ts'
import { ownSecrets } from '../src/cli/house.ts'
import { readConfig } from '../src/config.ts'
import { home } from './support/home.ts'

const BOTH = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }

test('the tokens of Slack come from the environment, or from the file that setup writes; the environment counts first', async () => {
  const BACKCHANNEL_HOME = await home()
  expect(readConfig({ BACKCHANNEL_HOME }).chats).toEqual({})
  fs.writeFileSync(
    path.join(BACKCHANNEL_HOME, 'chats.yaml'),
    'slack:\n  bot_token: xoxb-file\n  app_token: xapp-file\n',
  )
  expect(readConfig({ BACKCHANNEL_HOME }).chats).toEqual({ slack: { botToken: 'xoxb-file', appToken: 'xapp-file' } })
  expect(readConfig({ BACKCHANNEL_HOME, ...BOTH, SLACK_API_URL: 'http://127.0.0.1:1/' }).chats).toEqual({
    slack: { botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'http://127.0.0.1:1/' },
  })
})

test('one token without the other, and a file that setup did not write, are a sentence', async () => {
  const BACKCHANNEL_HOME = await home()
  const { slack } = readConfig({ BACKCHANNEL_HOME, SLACK_BOT_TOKEN: 'xoxb-1' }).chats
  expect(wrongTokens(slack?.botToken ?? '', slack?.appToken ?? '')).toContain(
    'SLACK_BOT_TOKEN is set and SLACK_APP_TOKEN is not',
  )
  for (const text of ['slack: yes', 'slack:\n  token: x', '- a', 'slack: {']) {
    fs.writeFileSync(path.join(BACKCHANNEL_HOME, 'chats.yaml'), text)
    expect(() => readConfig({ BACKCHANNEL_HOME })).toThrow('chats.yaml cannot be read')
  }
})

test('an endpoint that is no address is a sentence', async () => {
  const BACKCHANNEL_HOME = await home()
  for (const name of ['SLACK_API_URL', 'DISCORD_API_URL'])
    for (const value of ['nonsense', '127.0.0.1:80', 'file:///etc'])
      expect(() => readConfig({ BACKCHANNEL_HOME, [name]: value })).toThrow(`${name}=${value} is not an address`)
  expect(readConfig({ BACKCHANNEL_HOME, SLACK_API_URL: '' }).chats).toEqual({})
})

test('no session ever gets a token of a chat, not even when config.yaml passes it on; what masks secrets knows all of them', async () => {
  const BACKCHANNEL_HOME = await home()
  fs.writeFileSync(
    path.join(BACKCHANNEL_HOME, 'config.yaml'),
    'env:\n  pass: [SLACK_BOT_TOKEN, SLACK_APP_TOKEN, MINE]\n',
  )
  const given = { BACKCHANNEL_HOME, PATH: '/bin', MINE: 'yes', ...BOTH, DISCORD_BOT_TOKEN: 'x' }
  expect(readConfig(given).sessionEnv).toEqual({ PATH: '/bin', MINE: 'yes' })
  fs.writeFileSync(
    path.join(BACKCHANNEL_HOME, 'chats.yaml'),
    'slack:\n  bot_token: xoxb-file\n  app_token: xapp-file\n',
  )
  const config = readConfig({ BACKCHANNEL_HOME, PATH: '/bin' })
  expect(JSON.stringify(config.sessionEnv)).not.toContain('xoxb')
  expect(ownSecrets(config)).toEqual(['xoxb-file', 'xapp-file'])
})
