// Puts the parts together: the store of this home, the agents there are, and the deeds and views over them. What every verb
// of the command line begins with.

import path from 'node:path'
import { masker, secretValues } from '../adapters/secrets/index.ts'
import { openStore, type Store } from '../adapters/store/store.ts'
import { deeds, envOf } from '../bot/deeds.ts'
import { reading } from '../bot/reading.ts'
import { repos } from '../bot/repos.ts'
import { rulesOf } from '../bot/rules.ts'
import { unknown } from '../bot/words.ts'
import { tokensOf } from '../config/chats.ts'
import { ConfigError, readConfig, type Config } from '../config.ts'
import { attemptDir, FILES, taskDir } from '../runner/attempt-files.ts'
import { diff } from '../runner/diff.ts'
import { recordHouse } from '../runner/journal.ts'
import { tasksOf } from '../runner/folds.ts'
import { Doorbells } from '../runner/doorbell.ts'
import { SAMPLE, sampleRepo } from '../runner/sample.ts'
import type { People } from '../task/authorize.ts'
import { notifyWish, reposOf, type HouseFact, type HouseFactBody, type Repo } from '../task/house.ts'
import { pairedOwners } from '../task/pairing.ts'
import type { Actor, Place } from '../task/words.ts'
import { AGENTS } from './agents.ts'
import { makeHome } from './folders.ts'

/** Who types at the command line acts in this chat. */
export const CLI = 'cli'

/** Where a task that was started on the command line is shown. */
export const WEB: Place = { chat: 'web', channel: 'general' }

export type House = Awaited<ReturnType<typeof openHouse>>

/** Opens the home of `config`. Throws ConfigError or StoreError with a sentence when it cannot be used. */
export async function openHouse(config: Config = readConfig()) {
  const { home, settings } = config
  if (!AGENTS.some((agent) => agent.name === settings.agent)) {
    const known = AGENTS.map((agent) => agent.name)
    throw new ConfigError(
      `${path.join(home, 'config.yaml')}: “agent”: ${unknown(settings.agent, known, 'known agent')}`,
    )
  }
  makeHome(home)
  const store = await openStore(path.join(home, 'backchannel.db'))
  const bells = new Doorbells(home)
  const places = repos(() => knownRepos(config, store), path.join(home, 'worktrees'))
  const views = reading({
    journal: store.journal,
    logPath: (task, attempt) => path.join(attemptDir(home, task, attempt), FILES.log),
    diff: (task, work) => diff(work, { taskDir: taskDir(home, task), env: config.sessionEnv }),
  })
  const owner: Actor = { chat: WEB.chat, id: 'owner', name: config.user.name }
  const user: Actor = { chat: CLI, id: config.user.id, name: config.user.name }
  const people = async (): Promise<People> =>
    peopleOf(config, [owner, user, ...pairedOwners(await store.house.facts())])
  const mask = masker(async () => [...ownSecrets(config), ...(await taskSecrets(store))])
  const ring = () => bells.ring()
  return {
    config,
    store,
    bells,
    views,
    repos: places,
    /** The person at the page, and the one at the command line. */
    owner,
    user,
    people,
    /** For what leaves this machine. */
    mask,
    deeds: deeds({
      journal: store.journal,
      people,
      repos: places,
      agents: AGENTS,
      startAgent: config.settings.agent,
      notify: {
        of: async (by, place) =>
          notifyWish(await store.house.facts(), by) ?? config.settings.channels[place?.channel ?? '']?.notify ?? null,
        set: async (by, notify) => {
          const set = (facts: HouseFact[]): HouseFactBody[] =>
            notifyWish(facts, by) === notify ? [] : [{ type: 'notify_set', notify }]
          await recordHouse(store.house, set, { by, now: Date.now })
        },
      },
      mask,
      now: Date.now,
      newId,
      ring,
    }),
    rules: rulesOf({ house: store.house, people, now: Date.now, ring }),
    async close() {
      await bells.close()
      await store.close()
    },
  }
}

/** What is secret in the environment of this process and of all sessions. */
export const ownSecrets = ({ environment, sessionEnv, repoEnv, chats }: Config): string[] => [
  ...[environment, sessionEnv, ...Object.values(repoEnv)].flatMap(secretValues),
  ...tokensOf(chats),
]

/** What is secret in what the latest tasks were given for themselves. */
async function taskSecrets({ journal }: Store): Promise<string[]> {
  const tasks = await tasksOf(journal, await journal.heads({ limit: TASKS_WITH_SECRETS_MAX }))
  return tasks.flatMap(({ options }) => secretValues(envOf(options)))
}
const TASKS_WITH_SECRETS_MAX = 200

/** The person at the terminal is one, under every id that was paired there. */
const peopleOf = ({ settings }: Config, owners: People['owners']): People => ({
  owners,
  roles: settings.people,
  persons: [owners, ...settings.persons],
  outsiders: settings.outsiders,
})

/** Configured ones, those added on the command line, and where there are none the sample, made when it is first asked for. */
async function knownRepos({ home, repos: configured }: Config, { house }: Store): Promise<Repo[]> {
  const added = reposOf(await house.facts()).filter((one) => !configured.some(({ name }) => name === one.name))
  const known = [...configured.map(({ rules: _rules, ...repo }) => repo), ...added]
  return known.length > 0 ? known : [{ name: SAMPLE, path: await sampleRepo(home), base: null }]
}

const ID_CHARS = 'abcdefghjkmnpqrstuvwxyz23456789'
const ID_LETTERS = 23
const ID_LENGTH = 6

/** Short, readable aloud, without look-alikes; begins with a letter, so that it is never taken for a number. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH))
  return [...bytes].map((byte, index) => ID_CHARS[byte % (index === 0 ? ID_LETTERS : ID_CHARS.length)]).join('')
}
