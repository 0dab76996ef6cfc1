// The card of a chore: what a person asked for, then what was done, where it is, or why it could not be.

import type { Block, Card, Part, Tone } from '../card.ts'
import type { Chore } from '../chores.ts'
import type { ChoreKind, ChoreResult } from '../facts.ts'

const HASH_CHARS = 7
const ASKED: Record<ChoreKind, string> = { commit: 'Committing', discard: 'Discarding', restore: 'Restoring' }

export function choreCard(chore: Chore): Card {
  const { what, state, by } = chore
  const lines = (parts: Part[]): Block[] => [
    { kind: 'line', parts: [...parts, ' by ', { person: by }, ', ', { at: 'at' in state ? state.at : chore.at }] },
  ]
  const card = (tone: Tone, heading: string, body: Block[]): Card => ({
    tone,
    title: heading,
    body,
    buttons: [],
    mention: [],
  })
  switch (state.kind) {
    case 'asked':
      return card('working', ASKED[what], lines(['asked']))
    case 'failed':
      return card('bad', `Could not ${what}`, [{ kind: 'words', text: state.reason }, ...lines(['asked'])])
    case 'done':
      return card('plain', title(state.result), [...where(state.result), ...lines(['asked'])])
    case 'expired':
      return card('plain', 'Discarded', [{ kind: 'line', parts: ['It is not kept any more since ', { at: state.at }] }])
  }
}

function title(result: ChoreResult): string {
  switch (result.what) {
    case 'commit':
      return result.commit === null
        ? 'There was nothing to commit'
        : `Committed ${result.commit.slice(0, HASH_CHARS)} on ${result.branch}`
    case 'discard':
      return 'Discarded'
    case 'restore':
      return `Restored on ${result.branch}`
  }
}

const where = (result: ChoreResult): Block[] =>
  result.what === 'discard'
    ? [{ kind: 'line', parts: ['It is kept until ', { at: result.until }, ' in ', { code: result.ref }] }]
    : []
