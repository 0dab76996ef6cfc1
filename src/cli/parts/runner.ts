// The runner of a home, put together and looking.

import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { envOf } from '../../bot/deeds.ts'
import { agentHome } from '../../runner/attempt-files.ts'
import { workspaces } from '../../runner/care/workspaces.ts'
import { runner, type Launch } from '../../runner/runner.ts'
import { Sessions } from '../../runner/sessions.ts'
import type { PolicySource } from '../../task/policy/judge.ts'
import type { RuleSource } from '../../task/policy/rule.ts'
import { currentTurn, type Task } from '../../task/task.ts'
import { AGENTS, RUN_AGENT } from '../agents.ts'
import { CLI, type House } from '../house.ts'
import type { Parts } from './health.ts'
import { policySource } from './policy.ts'

const DOOR = new URL('../../adapters/shell-parser/index.ts', import.meta.url).href

/** After a start there is more urgent work. */
const FIRST_MS = 5_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export async function startRunner(house: House, parts: Parts, log: Logger): Promise<{ stop(): Promise<void> }> {
  const { config, store, bells } = house
  const { slots, remind_after, park_after, stop_grace, tidy_after } = config.settings
  const running = runner({
    journal: store.journal,
    house: store.house,
    sessions: new Sessions(config.home, { door: DOOR }),
    workspaces: workspaces({ home: config.home, env: config.sessionEnv, now: Date.now }),
    settings: {
      slots,
      remindAfterMs: remind_after,
      parkAfterMs: park_after,
      stopGraceMs: stop_grace,
      tidyAfterMs: tidy_after,
    },
    launch: launchOf(house),
    now: Date.now,
    ring: () => bells.ring(),
    ringBot: () => bells.ring(['bot']),
    failed: (task, error) => log.error({ task, err: error }, 'could not go on with a task; trying again'),
  })
  const looks = parts.run('runner', () => running.look())
  await bells.answer('runner', () => looks.ring())
  const anchor = (): Promise<void> => store.anchor(Date.now())
  const anchoring = repeatedly(MINUTE_MS, anchor, (error) =>
    log.error({ err: error }, 'could not note how far the journal has come; trying again in a minute'),
  )
  const tidying = repeatedly(
    DAY_MS,
    () => running.tidyUp(),
    (error) => log.error({ err: error }, 'could not tidy up; trying again tomorrow'),
  )
  return {
    async stop() {
      tidying.stop()
      anchoring.stop()
      await running.stop()
      await anchor().catch(() => undefined)
    },
  }
}

/** Once soon, then again and again. */
function repeatedly(everyMs: number, work: () => Promise<void>, failed: (error: unknown) => void): { stop(): void } {
  const again = (): void => void work().catch(failed)
  const first = setTimeout(again, FIRST_MS)
  const timer = setInterval(again, everyMs)
  return {
    stop() {
      clearTimeout(first)
      clearInterval(timer)
    },
  }
}

/** What a session needs beyond its task: never the environment of the bot. */
const launchOf =
  ({ config }: House) =>
  (task: Task, granted: RuleSource[]): Launch => {
    const agent = AGENTS.find((one) => one.name === task.agent)
    if (!agent) throw new Error(`there is no agent ${task.agent}`)
    const { log_max, stop_grace } = config.settings
    const own = config.repoEnv[task.work.repo ?? '']
    return {
      agentModule: agent.module,
      env: { ...config.sessionEnv, ...own, ...envOf(task.options) },
      logBytesMax: log_max,
      stopGraceMs: stop_grace,
      door: DOOR,
      ...(isTypedByOwner(task) ? {} : { policy: policyOf(config, task, granted) }),
    }
  }

/** A command of the owner at their own terminal could be run there as well, so it is not judged. */
const isTypedByOwner = (task: Task): boolean => task.agent === RUN_AGENT && currentTurn(task).by.chat === CLI

const policyOf = (config: Config, { id, agent, work }: Task, granted: RuleSource[]): PolicySource =>
  policySource(config, {
    granted,
    directory: work.path,
    repo: work.repo,
    own: [agentHome(config.home, id), work.path],
    typed: agent === RUN_AGENT,
  })
