// `backchannel setup discord`: from a token to a bot that answers, in five minutes. Asks for the token, checks it and what it may do,
// registers the commands, keeps the token in the home where nobody else reads it, and prints the code that makes an owner.

import { createInterface } from 'node:readline/promises'
import { check, register } from '../../adapters/chat/discord/check.ts'
import { VERB_HELP } from '../../bot/help.ts'
import { openedPairing } from '../../bot/pairing.ts'
import { readConfig } from '../../config.ts'
import { flagsAlone } from '../args.ts'
import { openHouse } from '../house.ts'
import { say } from '../print.ts'
import { keep } from './keep.ts'

const STEPS = `A bot of your own on Discord, in five minutes:
  1. https://discord.com/developers/applications → New Application (call it Backchannel)
  2. Bot → Reset Token → copy it
  3. Bot → switch on “Message Content Intent”: without it words in a task’s thread count only with a mention`

export async function setupDiscord(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: ['token'], bare: [] })
  const config = readConfig()
  const apiUrl = config.environment['DISCORD_API_URL']
  if (!flags['token']) say(STEPS)
  const token = flags['token'] ?? (await asked('The token: '))
  const options = { token, ...(apiUrl && { apiUrl }), verbs: VERB_HELP }
  const { application, invite } = await check(options).then((first) => {
    if (first.application) return first
    throw new Error(first.all[0]?.says)
  })
  if (application) await register(options, application.id)
  const { all } = await check(options)
  say(all.map(({ what, ok, says }) => `${ok ? 'ok     ' : 'MISSING'} ${what}: ${says}`).join('\n'))
  keep(config.home, 'discord', { token, ...(apiUrl && { api_url: apiUrl }) })
  const { store, user, close } = await openHouse(config)
  try {
    const code = await openedPairing({ house: store.house, now: Date.now }, user)
    say(
      [
        '',
        'The token is kept in chats.yaml of the home, for you alone.',
        `Invite it with exactly what it needs:\n\n  ${invite}\n`,
        `Start Backchannel (again), and say in Discord, within ten minutes, to become an owner there:\n\n  /bg pair ${code}\n`,
      ].join('\n'),
    )
    return all.every(({ ok }) => ok) ? 0 : 1
  } finally {
    await close()
  }
}

async function asked(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = (await lines.question(question)).trim()
    if (answer === '') throw new Error('Without a token nothing can be set up: paste it, or give it with --token.')
    return answer
  } finally {
    lines.close()
  }
}
