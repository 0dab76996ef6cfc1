// `backchannel up`: bot, runner and page together, one per home. It may be killed at any time: sessions go on working, and
// the next start takes up everything where the journal stands.

import fs from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { webChat } from '../adapters/chat/web/index.ts'
import { page } from '../adapters/page/index.ts'
import { loop, type Loop } from '../runner/loop.ts'
import { receiver } from '../bot/receive.ts'
import { surface } from '../bot/surface.ts'
import { ConfigError, readConfig } from '../config.ts'
import { listenForRings } from '../runner/doorbell.ts'
import { takeLock } from '../runner/lock.ts'
import { runner } from '../runner/runner.ts'
import { sampleRepo } from '../runner/sample.ts'
import { Sessions } from '../runner/sessions.ts'
import type { Task } from '../task/task.ts'
import { flagsAnywhere } from './args.ts'
import { AGENTS, bellsOf, openHouse, WEB, type House } from './house.ts'
import { portFile } from './login.ts'
import { looksOf } from './looks.ts'
import { say } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  flagsAnywhere(argv, { valued: [], bare: [] })
  const config = readConfig()
  const loops: Loop[] = []
  const listeners = new Set<() => void>()
  const ring = () => {
    for (const one of loops) one.ring()
    for (const listener of listeners) listener()
  }
  const house = await openHouse(config, ring)
  const lock = takeLock(path.join(config.home, 'up.lock'), `process ${process.pid}, since ${new Date().toISOString()}`)
  if ('heldBy' in lock) {
    await house.close()
    throw new ConfigError(`${config.home} is in use by ${lock.heldBy}: end that one first, or set BACKCHANNEL_HOME to another folder.`)
  }
  const log = pino({ level: config.logLevel, base: null }, pino.destination(path.join(config.home, 'up.log')))
  if (config.repos.length === 0) await sampleRepo(config.home)

  const runs = runner({
    journal: house.store.journal,
    sessions: new Sessions(config.home),
    settings: { slots: config.settings.slots, remindAfterMs: config.settings.remind_after, parkAfterMs: config.settings.park_after, stopGraceMs: config.settings.stop_grace },
    launch: launchOf(house),
    now: Date.now,
    ring,
    failed: (task, error) => log.error({ task, err: error }, 'could not go on with a task; trying again'),
  })
  const chat = webChat({ log: house.store.chatLog, now: Date.now, owner: house.owner, channel: WEB.channel })
  const shows = surface({
    journal: house.store.journal,
    messages: house.store.messages,
    chats: [chat],
    failed: (name, error) => log.error({ chat: name, err: error }, 'could not post; trying again'),
  })
  const health = healthOf(log)
  const site = page({
    ...looksOf(house),
    chat: { routes: chat.routes, feed: chat.feed },
    health: () => health.say({ chats: { [chat.id]: chat.health() } }),
    changes: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    now: Date.now,
    port: config.port,
    home: config.home,
    failed: (error) => log.error({ err: error }, 'a request of the page failed'),
  })

  const { port } = await site.start()
  fs.writeFileSync(portFile(config.home), String(port), { mode: 0o600 })
  await chat.start(receiver({ deeds: house.deeds, views: house.views, messages: house.store.messages, runAgent: 'shell' }))
  loops.push(loop(health.watch('runner', () => runs.look()), health.failed), loop(health.watch('bot', () => shows.look()), health.failed))
  const bells = await Promise.all(Object.values(bellsOf(config.home)).map((bell) => listenForRings(bell, ring)))

  greet(house, await site.newLogin())
  await signalled()
  await site.stop()
  await chat.stop()
  await Promise.all(bells.map((bell) => bell.close()))
  await Promise.all(loops.map((one) => one.stop()))
  await runs.stop()
  await house.close()
  lock.release()
  return 0
}

/** What a session needs beyond its task: never the environment of the bot. */
const launchOf =
  ({ config }: House) =>
  (task: Task) => {
    const agent = AGENTS.find((one) => one.name === task.agent)
    if (!agent) throw new Error(`there is no agent ${task.agent}`)
    return { agentModule: agent.module, env: config.sessionEnv, logBytesMax: config.settings.log_max, stopGraceMs: config.settings.stop_grace }
  }

/** Health is what the last looks came to: a look that failed makes its part down until one succeeds. */
function healthOf(log: { error(what: object, text: string): void }) {
  const troubles = new Map<string, string>()
  return {
    watch: (part: string, look: () => Promise<void>) => async (): Promise<void> => {
      try {
        await look()
        troubles.delete(part)
      } catch (error) {
        troubles.set(part, error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? error.name) : String(error))
        throw error
      }
    },
    failed: (error: unknown): void => log.error({ err: error }, 'a look failed; trying again'),
    say: (more: object) => ({
      ok: troubles.size === 0,
      journal: troubles.size === 0 ? 'ok' : [...troubles.values()][0],
      runner: troubles.get('runner') ?? 'ok',
      bot: troubles.get('bot') ?? 'ok',
      ...more,
    }),
  }
}

function greet({ config, repos }: House, link: string): void {
  const agents = AGENTS.map(({ name, missing }) => (missing ? `${name} (cannot run: ${missing})` : name))
  say(`Backchannel is up. Open the page: ${link}
  (the link works once, for ten minutes; “backchannel login” prints a new one)
  home    ${config.home}
  agents  ${agents.join(', ')}
  chats   the local page
  repos   ${repos.all().map((repo) => `${repo.name} (${repo.path})`).join(', ')}
Type there: /bg run npm test    or: /bg start --agent demo
Stop with Ctrl-C; what runs goes on.`)
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
