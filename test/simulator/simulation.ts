// One world lived through at random: people, agents, the program and its crashes, in any order that can happen, with every
// invariant checked after every step. Then the world calms down, and everything must come to its end.

import { brokenAsks, processMoves, type Move } from './agent.ts'
import { calm } from './calm.ts'
import { check, type Violation } from './check.ts'
import type { Chance } from './chance.ts'
import { breath, gated, Gates } from './gates.ts'
import { NOTHING_FAILS } from './invariants.ts'
import { act, sentenceOf, something } from './people.ts'
import type { Inbound } from '../../src/bot/chat.ts'
import type { Journal } from '../../src/runner/journal.ts'
import { botOf, runnerOf, type Part, type Ports } from './program.ts'
import { DAY_MS, emptyWorld, HOUR_MS, witnessed, type World } from './world.ts'

const STEPS = 300
const BURST_MAX = 8
const WILD_ONE_IN = 6

export type Lived = { violation: Violation | null; world: World; steps: number }

export async function live(chance: Chance, open: (world: World) => Promise<Ports>, steps = STEPS): Promise<Lived> {
  const world = emptyWorld(chance.oneIn(2))
  const simulation = new Simulation(world, await open(world), chance)
  for (let step = 1; step <= steps; step++) {
    const violation = await simulation.step()
    if (violation) return { violation, world, steps: step }
  }
  return { violation: await calm(simulation), world, steps }
}

type Name = 'runner' | 'bot'

export class Simulation {
  readonly world: World
  readonly ports: Ports
  readonly gates = new Gates()
  readonly chance: Chance
  readonly #slots: number
  readonly #parts = new Map<Name, Part>()
  readonly #looking = new Set<Part>()
  readonly #sent: Inbound[] = []
  #door: Journal | null = null

  constructor(world: World, ports: Ports, chance: Chance) {
    this.world = world
    this.chance = chance
    this.ports = { journal: witnessed(ports.journal, world), messages: ports.messages }
    this.#slots = 1 + chance.int(2)
  }

  async step(): Promise<Violation | null> {
    this.chance.step()
    this.world.now += this.chance.int(3)
    await this.#something(this.chance.int(100))
    await breath()
    return this.check()
  }

  check(): Violation | null {
    const [error] = this.world.errors
    return error ? { invariant: NOTHING_FAILS, task: '', what: error } : check(this.world)
  }

  async #something(roll: number): Promise<void> {
    const { chance, gates, world } = this
    if (roll < 50 && gates.waiting.length > 0) return this.#openGates(1 + chance.int(BURST_MAX))
    const moves = this.moves()
    if (roll < 76 && moves.length > 0) return this.#move(moves)
    if (roll < 88) return this.look(chance.pick(['runner', 'bot'] as const))
    if (roll < 93) return this.person()
    if (roll < 95) return this.#crash()
    if (roll < 98) return this.#jump(chance.pick([3 * HOUR_MS, 3 * HOUR_MS, HOUR_MS, DAY_MS, -DAY_MS]))
    if (roll < 99) return this.#chatTrouble()
    const broken = world.processes.flatMap(brokenAsks)
    if (broken.length > 0) this.do(chance.pick(broken))
  }

  moves(): Move[] {
    const reach = [...this.#parts.values()].flatMap((part) => part.moves())
    return [...reach, ...this.world.processes.flatMap((process) => processMoves(this.world, process))]
  }

  /** Most of what happens is what should, or little would ever come to be. */
  #move(moves: Move[]): void {
    const { chance } = this
    const good = moves.filter((one) => (one.kind ? !/completes/.test(one.what) : / asks q/.test(one.what)))
    this.do(chance.pick(good.length > 0 && !chance.oneIn(WILD_ONE_IN) ? good : moves))
  }

  do(move: Move): void {
    this.world.trace.push(move.what)
    move.do()
  }

  /** One after another, because most calls meet nobody. */
  async #openGates(count: number): Promise<void> {
    for (let left = count; left > 0 && this.gates.waiting.length > 0; left--) {
      const index = this.chance.int(this.gates.waiting.length)
      const one = this.gates.waiting[index]
      this.world.trace.push(`${one?.actor}: ${one?.what}`)
      await this.gates.open(index)
    }
  }

  look(name: Name): void {
    const part = this.#parts.get(name) ?? this.#start(name)
    if (this.#looking.has(part)) return
    this.#looking.add(part)
    void part.look().then(
      () => this.#looking.delete(part),
      (error: unknown) => this.world.errors.push(`the ${name} failed to look: ${String(error)}`),
    )
  }

  #start(name: Name): Part {
    this.world.trace.push(`the ${name} starts`)
    const make = name === 'runner' ? runnerOf : botOf
    const part = make(this.world, this.ports, this.gates.of(name), this.#slots)
    this.#parts.set(name, part)
    return part
  }

  person(): void {
    const { chance, world } = this
    const again = this.#sent.length > 0 && chance.oneIn(7)
    const event = again ? chance.pick(this.#sent) : something(world, chance)
    this.send(event, chance.oneIn(4) ? 'cli' : 'bot')
  }

  send(event: Inbound, through: 'cli' | 'bot'): void {
    const { world } = this
    this.#sent.push(event)
    world.trace.push(sentenceOf(event))
    const { messages } = this.ports
    // The bot knows what it saw until it crashes; the command line begins with nothing each time.
    const journal =
      through === 'bot' ? (this.#door ??= this.#gated('people at bot')) : this.#gated(`${event.key} at cli`)
    act({ world, journal, messages }, event).catch((error: unknown) => {
      world.errors.push(`${sentenceOf(event)}: ${String(error)}`)
    })
  }

  #gated(actor: string): Journal {
    return gated(this.ports.journal, this.gates.of(actor), 'journal')
  }

  async #crash(): Promise<void> {
    const { chance } = this
    const who = chance.pick([['runner'], ['bot'], ['runner', 'bot']] as const)
    const after = chance.oneIn(2) ? chance.int(10) : null
    this.world.trace.push(`kill -9 of ${who.join(' and ')}${after === null ? '' : ', its last call still counts'}`)
    await this.gates.crash((actor) => who.some((name) => actor.endsWith(name)), after)
    for (const name of who) this.#parts.delete(name)
    if (who.some((name) => name === 'bot')) this.#door = null
  }

  #jump(by: number): void {
    this.world.now += by
    this.world.trace.push(`the clock jumps by ${by / HOUR_MS} h`)
  }

  #chatTrouble(): void {
    const { chance, world } = this
    const shown = world.chat.posted.filter((one) => !one.deleted)
    if (shown.length > 0 && chance.oneIn(3)) {
      const message = chance.pick(shown)
      message.deleted = true
      world.trace.push(`somebody deletes ${message.key}`)
    } else {
      world.chat.mood = chance.pick(['up', 'down', 'lossy'])
      world.trace.push(`the chat is ${world.chat.mood}`)
    }
  }
}
