// `backchannel setup slack`: from nothing to a bot that answers, in five minutes. Prints the link that creates the app, asks for its two
// tokens, checks them, what they may do and the socket, keeps them in the home where nobody else reads them, and prints the code
// that makes an owner.

import { createInterface } from 'node:readline/promises'
import { check } from '../../adapters/chat/slack/check.ts'
import { manifestLink } from '../../adapters/chat/slack/manifest.ts'
import { wrongTokens } from '../../adapters/chat/slack/tokens.ts'
import { openedPairing } from '../../bot/pairing.ts'
import { readConfig } from '../../config.ts'
import { flagsAlone } from '../args.ts'
import { openHouse } from '../house.ts'
import { say } from '../print.ts'
import { keep } from './keep.ts'

const steps = (): string => `An app of your own in Slack, in five minutes:
  1. Open this link, choose your workspace, and click Create:

     ${manifestLink()}

  2. Install App → Install to Workspace → copy the Bot User OAuth Token (xoxb-…)
  3. Basic Information → App-Level Tokens → Generate, with the scope connections:write → copy it (xapp-…)
`

export async function setupSlack(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: ['bot-token', 'app-token'], bare: [] })
  const config = readConfig()
  const apiUrl = config.environment['SLACK_API_URL']
  const { botToken, appToken } = await tokens(flags)
  const wrong = wrongTokens(botToken, appToken)
  if (wrong !== null) throw new Error(wrong)
  const house = await openHouse(config)
  try {
    const connects = !(await house.bells.isAnswered('bot'))
    const checks = await check({ botToken, appToken, ...(apiUrl && { apiUrl }), connects })
    say(checks.map(({ what, ok, says }) => `${ok ? 'ok     ' : 'MISSING'} ${what}: ${says}`).join('\n'))
    const refused = checks.find(({ what, ok }) => !ok && /token|socket/u.test(what))
    if (refused) throw new Error(`Nothing was kept: ${refused.says}`)
    keep(config.home, 'slack', { bot_token: botToken, app_token: appToken, ...(apiUrl && { api_url: apiUrl }) })
    const code = await openedPairing({ house: house.store.house, now: Date.now }, house.user)
    say(
      [
        '',
        'The tokens are kept in chats.yaml of the home, for you alone.',
        'Start Backchannel (again), invite me into a channel with /invite @bg,',
        `and say there, within ten minutes, to become an owner:\n\n  /bg pair ${code}\n`,
      ].join('\n'),
    )
    return checks.every(({ ok }) => ok) ? 0 : 1
  } finally {
    await house.close()
  }
}

async function tokens(flags: Record<string, string>): Promise<{ botToken: string; appToken: string }> {
  const given = { botToken: flags['bot-token'], appToken: flags['app-token'] }
  if (given.botToken !== undefined && given.appToken !== undefined)
    return { botToken: given.botToken, appToken: given.appToken }
  say(steps())
  const lines = createInterface({ input: process.stdin })
  const answers = lines[Symbol.asyncIterator]()
  const asked = async (question: string): Promise<string> => {
    say(question)
    const { value = '' } = (await answers.next()) as { value?: string }
    if (value.trim() === '')
      throw new Error('Without both tokens nothing can be set up: paste them, or give --bot-token and --app-token.')
    return value.trim()
  }
  try {
    return {
      botToken: given.botToken ?? (await asked('The bot token (xoxb-…):')),
      appToken: given.appToken ?? (await asked('The app-level token (xapp-…):')),
    }
  } finally {
    lines.close()
  }
}
