// A process that stays: `up`, or `bot` and `runner` apart. It may be killed at any time: sessions go on working, and the next
// start takes up everything where the journal stands.

import path from 'node:path'
import { maskValues } from '../../adapters/secrets/index.ts'
import { readConfig } from '../../config.ts'
import type { Reader } from '../../runner/journal.ts'
import { flagsAlone } from '../args.ts'
import { AGENTS } from '../agents.ts'
import { openHouse, ownSecrets, type House } from '../house.ts'
import { say } from '../print.ts'
import { startBot } from './bot.ts'
import { recordConfig } from './configured.ts'
import { parts } from './health.ts'
import { lockHome } from './lock.ts'
import { openLog } from './log.ts'
import { startRunner } from './runner.ts'

export async function serve(verb: string, roles: Reader[], argv: string[]): Promise<number> {
  flagsAlone(argv, { valued: [], bare: [] })
  const config = readConfig()
  const house = await openHouse(config)
  const lock = lockHome(config.home, verb, roles)
  const secrets = ownSecrets(config)
  const log = openLog(path.join(config.home, `${verb}.log`), config.logLevel, (line) => maskValues(line, secrets))
  await recordConfig(house)
  const looking = parts(log)
  const bot = roles.includes('bot') ? await startBot(house, looking, log) : null
  const runner = roles.includes('runner') ? await startRunner(house, looking, log) : null
  await greet(house, verb, bot)
  await signalled()
  await bot?.stop()
  await looking.stop()
  await runner?.stop()
  await house.close()
  lock.release()
  return 0
}

type Bot = { link: string; chats: string[] }

async function greet({ config, repos }: House, verb: string, bot: Bot | null): Promise<void> {
  const agents = AGENTS.map(({ name, missing, doubt }) => {
    const unsure = doubt(config.sessionEnv)
    return missing ? `${name} (cannot run: ${missing})` : unsure ? `${name} (${unsure})` : name
  })
  const known = (await repos.all()).map((repo) => `${repo.name} (${repo.path})`)
  const page = bot
    ? [`Open the page: ${bot.link}`, '  (the link works once, for ten minutes; “backchannel login” prints a new one)']
    : []
  const lines = [
    `Backchannel’s ${verb} is running.`,
    ...page,
    `  home    ${config.home}`,
    `  agents  ${agents.join(', ')}`,
    ...(bot ? [`  chats   ${bot.chats.join(', ')}`] : []),
    `  repos   ${known.join(', ')}`,
    ...(bot ? ['Type on the page: /bg run npm test    or: /bg start --agent demo'] : []),
    'Ctrl-C ends it; what it started goes on.',
  ]
  say(lines.join('\n').replace('Backchannel’s up is running', 'Backchannel is up'))
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
