// Puts the parts together: the store of this home, the agents there are, and the deeds and views over them. What every verb
// of the command line and `up` begin with.

import fs from 'node:fs'
import path from 'node:path'
import { openStore } from '../adapters/store/store.ts'
import { deeds, type AgentEntry } from '../bot/deeds.ts'
import { reading } from '../bot/reading.ts'
import { repos, type Repo } from '../bot/repos.ts'
import { ConfigError, readConfig, type Config } from '../config.ts'
import { attemptDir, FILES, homeTooLong, taskDir } from '../runner/attempt-files.ts'
import { diff } from '../runner/diff.ts'
import { ringAt } from '../runner/doorbell.ts'
import type { Actor, Place } from '../task/words.ts'

/** Agents by name, with what the command line may know of them without loading them. */
export const AGENTS: (AgentEntry & { module: string })[] = [
  {
    name: 'shell',
    limits: { guidance: false, resume: false, questions: false },
    missing: null,
    blank: null,
    module: new URL('../adapters/agent/shell/index.ts', import.meta.url).href,
  },
  {
    name: 'demo',
    limits: { guidance: true, resume: true, questions: true },
    missing: null,
    blank: 'Show what a task can do.',
    module: new URL('../adapters/agent/demo/index.ts', import.meta.url).href,
  },
]

export const WEB: Place = { chat: 'web', channel: 'general' }

export const bellsOf = (home: string) => ({ runner: path.join(home, 's', 'runner.bell'), bot: path.join(home, 's', 'bot.bell') })

export type House = Awaited<ReturnType<typeof openHouse>>

/** Opens the home of `config`. `ring` is how others in this process learn of a change; the doorbells tell the rest. */
export async function openHouse(config: Config = readConfig(), ring?: () => void) {
  const { home } = config
  makeHome(home)
  const store = await openStore(path.join(home, 'backchannel.db'))
  const { journal } = store
  const bells = Object.values(bellsOf(home))
  const rings = new Set<Promise<void>>()
  const ringAll = () => {
    for (const bell of bells) {
      const rung = ringAt(bell).finally(() => rings.delete(rung))
      rings.add(rung)
    }
  }
  const known = (): Repo[] => {
    const sample = { name: 'sample', path: path.join(home, 'sample'), base: null }
    return config.repos.length > 0 ? config.repos : [sample]
  }
  const places = repos(known, path.join(home, 'worktrees'))
  const views = reading({
    journal,
    logPath: (task, attempt) => path.join(attemptDir(home, task, attempt), FILES.log),
    diff: (task, work) => diff(work, { taskDir: taskDir(home, task), env: config.sessionEnv }),
  })
  const owner: Actor = { chat: WEB.chat, id: 'owner', name: config.user.name }
  const user: Actor = { chat: 'cli', id: config.user.id, name: config.user.name }
  return {
    config,
    store,
    views,
    repos: places,
    owner,
    user,
    deeds: deeds({
      journal,
      people: { owners: [owner, user] },
      repos: places,
      agents: AGENTS,
      startAgent: config.settings.agent,
      now: Date.now,
      newId,
      ring: ring ?? ringAll,
    }),
    /** Waits for rings under way, so that a short process does not end before it was heard. */
    async close() {
      await Promise.all(rings)
      await store.close()
    },
  }
}

const ID_CHARS = 'abcdefghjkmnpqrstuvwxyz23456789'
const ID_LENGTH = 6

/** Short, readable aloud, without look-alikes; begins with a letter, so that it is never taken for a number. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH))
  const chars = [...bytes].map((byte, index) => ID_CHARS[byte % (index === 0 ? 23 : ID_CHARS.length)])
  return chars.join('')
}

function makeHome(home: string): void {
  const tooLong = homeTooLong(home)
  if (tooLong) throw new ConfigError(tooLong)
  try {
    for (const folder of [home, path.join(home, 's')]) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.chmodSync(home, 0o700)
  } catch (error) {
    throw new ConfigError(`${home} cannot be used: ${(error as Error).message}. Set BACKCHANNEL_HOME to a folder you may write to.`)
  }
}
