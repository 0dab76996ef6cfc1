// revive: what a dead attempt left, and how to go on. Pure. A prompt is said again only if it never reached the transcript; a
// call that was deferred is offered again by Claude itself; everything else is told in words, and nothing is repeated by us.

import type { Deferred, Transcript } from './transcript.ts'

/** An answer from a person to a call that died: `call` says the call in a line, `said` the answer in words. */
export type Told = {
  by: string
  kind: 'permission' | 'question' | 'plan'
  allowed: boolean
  call: string
  said: string
}

export type Left = {
  prompt: string
  promptId: string
  /** There was a conversation before this turn, so its transcript must be there. */
  continued: boolean
  transcript: Transcript | null
  /** A process of this turn died while it worked; not so when it ended by itself to wait for an answer. */
  cutOff: boolean
  /** Whether the deferred call has its answer, waits for it, or belongs to an earlier turn. */
  deferredIs: 'answered' | 'asked' | 'stale'
  /** Answers the deferred call does not take: permissions for the same call once more, and what can only be told. */
  told: Told[]
}

export type Revival =
  | { how: 'begin'; say: string }
  /** `say` null: the deferred call goes first, and nothing else is to be said. `dismiss`: a call nobody asks about any more. */
  | { how: 'resume'; say: string | null; isPrompt: boolean; dismiss: string | null }
  /** The call is still with people: nothing to start before they have answered. */
  | { how: 'wait'; call: Deferred }
  | { how: 'gone' }

export function revive(left: Left): Revival {
  const { transcript, continued, prompt, promptId, deferredIs, told } = left
  const opening = [prompt, ...told.map(sentence)].join('\n\n')
  if (transcript === null) return continued ? { how: 'gone' } : { how: 'begin', say: opening }
  const { deferred } = transcript
  if (!transcript.messages.has(promptId))
    return { how: 'resume', say: opening, isPrompt: true, dismiss: deferred?.id ?? null }
  if (deferred === null) return { how: 'resume', say: words(left), isPrompt: false, dismiss: null }
  if (deferredIs === 'asked') return { how: 'wait', call: deferred }
  const dismiss = deferredIs === 'stale' ? deferred.id : null
  return { how: 'resume', say: told.length > 0 || dismiss ? words(left) : null, isPrompt: false, dismiss }
}

const words = ({ cutOff, told }: Left): string =>
  [
    ...(cutOff ? ['Your process was ended from outside and has been started again.'] : []),
    ...told.map(sentence),
    'Go on from where you were. Check what a call that was cut off has done before you repeat it.',
  ].join('\n')

function sentence({ by, kind, allowed, call, said }: Told): string {
  switch (kind) {
    case 'question':
      return `${by} has answered what you asked: ${said}`
    case 'plan':
      return allowed ? `${by} has approved your plan: carry it out.` : `${by} has sent your plan back: ${said}`
    case 'permission':
      return allowed
        ? `This call waited for permission and was not run: ${call}. ${by} has allowed it now: make exactly this call again if it is still needed.`
        : `This call waited for permission and was not run: ${call}. ${by} has denied it${said === '' ? '.' : `: ${said}`}`
  }
}
