// The program in the simulated world: the real runner and the real surface over gated ports. A crash is that nothing of it is
// ever let through a gate again; what it was is forgotten, what it stored is there.

import { surface } from '../../src/bot/surface.ts'
import type { Messages } from '../../src/bot/messages.ts'
import type { Journal } from '../../src/runner/journal.ts'
import { runner } from '../../src/runner/runner.ts'
import type { Move } from './agent.ts'
import { chatOf } from './chat.ts'
import { gated, type Gate } from './gates.ts'
import { sessionsOf } from './sessions.ts'
import { workspacesOf } from './workspaces.ts'
import { houseIn, PATIENCE, taskOf, type World } from './world.ts'

export type Ports = { journal: Journal; messages: Messages }

export type Part = {
  look: () => Promise<void>
  /** What can reach it from outside. */
  moves: () => Move[]
}

export function runnerOf(world: World, { journal }: Ports, gate: Gate, slots: number): Part {
  const resumes = (task: string): boolean => taskOf(world, task)?.limits.resume ?? false
  const sessions = sessionsOf(world, resumes)
  const { look } = runner({
    journal: gated(journal, gate, 'journal'),
    house: gated(houseIn(world), gate, 'house'),
    sessions: sessions.port,
    workspaces: gated(workspacesOf(world), gate, 'workspaces'),
    settings: { ...PATIENCE, slots, stopGraceMs: 1, tidyAfterMs: 1 },
    launch: () => ({ agentModule: 'file:///agent', env: {}, logBytesMax: 1, stopGraceMs: 1 }),
    now: () => world.now,
    ring: () => {},
    ringBot: () => {},
    failed: (task, error) => {
      world.errors.push(`the runner failed on ${task}: ${String(error)}`)
    },
  })
  return { look, moves: sessions.moves }
}

export function botOf(world: World, { journal, messages }: Ports, gate: Gate): Part {
  const { look } = surface({
    journal: gated(journal, gate, 'journal'),
    messages: gated(messages, gate, 'messages'),
    chats: [gated(chatOf(world), gate, 'chat')],
    now: () => world.now,
    retryMs: () => 0,
    failed: (_chat, error) => {
      if (world.chat.mood === 'up' && !String(error).includes('the chat'))
        world.errors.push(`the bot failed: ${String(error)}`)
    },
  })
  return { look, moves: () => [] }
}
