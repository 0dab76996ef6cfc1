// The gate: what the rules say about a call, asked by the agent in its own process, so that work does not stop while nothing else
// is up. It fails closed: where it cannot judge, it asks.

import { alwaysOptions } from '../../task/granted.ts'
import { assess, type Assessment } from '../../task/policy/assess.ts'
import type { Call } from '../../task/policy/call.ts'
import { readPolicy, type Judgement, type PolicySource } from '../../task/policy/judge.ts'
import type { Places } from '../../task/policy/path-pattern.ts'
import type { RuleSource } from '../../task/policy/rule.ts'
import type { AskedBy } from '../../task/request.ts'
import { isRefused } from '../../task/words.ts'
import type { Ruling } from '../agent.ts'

type Note = (text: string) => void
/** Where the call is made, whose `~` counts, and in which repository. */
type Site = { cwd: string; home: string; repo: string | null }

/** What makes a call ready to be judged. */
type Door = {
  callOf(tool: string, input: unknown, site: Pick<Site, 'cwd' | 'home'>): Call
  placesOf(cwd: string, home: string): Places
}

/** Where nothing is judged. */
export const NO_OPINION: Ruling = {
  decision: 'ask',
  rule: null,
  opinion: false,
  parts: [],
  narrow: null,
  warnings: [],
  requires: [],
  reaches: [],
  always: [],
  ask: {},
}

const SOURCE_CHARS_MAX = 1000

export class Gate {
  #source: PolicySource
  readonly #load: () => Promise<unknown>
  #door: Promise<Door> | null = null

  constructor(source: PolicySource, load: () => Promise<unknown>) {
    this.#source = source
    this.#load = load
  }

  /** Loads what it judges with; that it cannot be loaded is met when it judges. Where there are rules that is before the agent starts: an upgrade may replace files later. */
  async prepare(): Promise<void> {
    if (this.#source.rules.length > 0) await this.#opened().catch(() => {})
  }

  /** The rules from now on. Where one of them is none, those of before stay. */
  replace(rules: RuleSource[], note: Note): void {
    if (JSON.stringify(rules) === JSON.stringify(this.#source.rules)) return
    const source = { ...this.#source, rules }
    const policy = readPolicy(source, { work: [], root: [], home: [] })
    if (isRefused(policy)) return note(`policy: the rules stay as they were: ${policy.refused}`)
    this.#source = source
    note(`policy: the rules were replaced, there are ${rules.length} now`)
  }

  /** Where a rule decides, that is noted. */
  async judge(tool: string, input: unknown, site: Site, note: Note): Promise<Ruling> {
    const ruling = await this.#judged(tool, input, site)
    if (ruling.opinion) note(ruled(tool, input, ruling))
    return ruling
  }

  async #judged(tool: string, input: unknown, site: Site): Promise<Ruling> {
    try {
      const door = await this.#opened()
      const places = door.placesOf(site.cwd, site.home)
      const policy = readPolicy(this.#source, places)
      if (isRefused(policy)) return unclear(policy.refused)
      const assessed = assess(policy, door.callOf(tool, input, site))
      return { ...assessed, always: alwaysOptions(assessed.narrow, site.repo), ask: askPart(assessed) }
    } catch (error) {
      return unclear(`the call could not be judged: ${String(error)}`)
    }
  }

  #opened(): Promise<Door> {
    this.#door ??= this.#load() as Promise<Door>
    return this.#door
  }
}

/** What a request says of the rules, wherever it comes from. */
const askPart = ({ warnings, requires, ...judgement }: Assessment): Ruling['ask'] => ({
  askedBy: askedBy(judgement),
  ...(warnings.length > 0 && { warnings }),
  ...(requires.length > 0 && { requires }),
})

function askedBy({ opinion, decision, rule, parts }: Judgement): AskedBy {
  if (!opinion) return 'none'
  if (rule === null) return 'unclear'
  const part = parts.find((one) => one.decision === decision && one.rule === rule)
  return { rule: rule.text, at: rule.at, ...(parts.length > 1 && part && { part: part.text }) }
}

const unclear = (why: string): Ruling => ({
  ...NO_OPINION,
  ask: { askedBy: 'unclear' },
  opinion: true,
  parts: [{ text: why, decision: 'ask', rule: null, opinion: true }],
})

/** A decision of the rules in a line, for the events of the attempt. */
function ruled(tool: string, input: unknown, { decision, rule, parts }: Ruling): string {
  const call = `${tool} ${JSON.stringify(input)}`.slice(0, SOURCE_CHARS_MAX)
  const why = rule
    ? `by ${rule.list} ${rule.text} (${rule.at})`
    : `because nobody can tell (${parts.at(-1)?.text ?? ''})`
  return `policy: ${decision} ${why}: ${call}`
}
