// One state of a search: a world and its journal, and the steps that led there.

import { copyStore, emptyStore, type Store } from './store.ts'
import { copyWorld, emptyWorld, type World } from './world.ts'

export type State = { world: World; store: Store; steps: string[] }
/** Something that may happen to a state; it gets a copy to change. */
export type Step = { what: string; do: (state: State) => Promise<void> }

export const beginning = (): State => ({ world: emptyWorld(true), store: emptyStore(), steps: [] })

export const copyState = ({ world, store, steps }: State): State => ({
  world: copyWorld(world),
  store: copyStore(store),
  steps: [...steps],
})

export async function taken(state: State, step: Step): Promise<State> {
  const after = copyState(state)
  after.steps.push(step.what)
  await step.do(after)
  after.world.trace.length = 0
  return after
}
