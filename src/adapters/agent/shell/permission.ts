// Whether a command may run: by the rules, and where a rule asks by a person. It is asked once and never again by itself: a
// session that is lost meanwhile has failed.

import { createHash } from 'node:crypto'
import { whyNotAnyMore, type Ruling, type Session } from '../../../runner/agent.ts'
import type { Answer, Ask } from '../../../task/request.ts'

const TOOL = 'Bash'

export type Permission = {
  /** Resolves with null once it may run, else with a sentence why it does not. */
  readonly refused: Promise<string | null>
  answer(answer: Answer): void
  /** Nobody is waited for any more. False when nobody was. */
  stop(): boolean
}

export function permissionFor(session: Session): Permission {
  const answered = Promise.withResolvers<string | null>()
  let open: Ask | null = null
  let stopped = false

  async function decided(): Promise<string | null> {
    const ruling = await session.judge(TOOL, { command: session.prompt })
    if (stopped) return STOPPED
    if (ruling.decision === 'allow' || !ruling.opinion) return null
    if (ruling.decision === 'deny') return `It did not run: ${because(ruling)}.`
    open = askOf(session, ruling)
    session.report({ type: 'requested', ask: open })
    const refused = await answered.promise
    if (refused !== null) return refused
    const why = whyNotAnyMore(ruling, await session.judge(TOOL, { command: session.prompt }))
    return stopped ? STOPPED : why && `It did not run: ${why}. Run it again to be asked about it as it is now.`
  }

  return {
    refused: decided(),
    answer(answer) {
      if (answer.request !== open?.id) return
      open = null
      session.report({ type: 'delivered', request: answer.request })
      answered.resolve(answer.effect === 'allow' ? null : deniedBy(answer))
    },
    stop() {
      const waited = open !== null
      stopped = true
      answered.resolve(STOPPED)
      return waited
    },
  }
}

const STOPPED = 'It was stopped before it ran.'

function askOf({ prompt, turn }: Session, ruling: Ruling): Ask {
  const input = JSON.stringify({ tool: TOOL, input: { command: prompt } })
  return {
    id: `run${turn}`,
    kind: 'permission',
    title: 'May this command run?',
    detail: prompt,
    tool: TOOL,
    inputHash: createHash('sha256').update(input).digest('hex'),
    ...ruling.ask,
    options: [
      { id: 'allow', label: 'Allow once', effect: 'allow', style: 'primary' },
      ...ruling.always,
      {
        id: 'deny',
        label: 'Deny…',
        effect: 'deny',
        style: 'danger',
        fields: [{ id: 'reason', label: 'Why not?', required: false }],
      },
    ],
  }
}

/** Which rule it is, and which part of the command it is about. */
function because({ rule, ask: { askedBy } }: Ruling): string {
  const part = typeof askedBy === 'object' && askedBy.part !== undefined ? ` (for “${askedBy.part}”)` : ''
  return `the rule “${rule?.text}” of ${rule?.at} denies it${part}`
}

const deniedBy = ({ by, values }: Answer): string =>
  `It did not run: denied by ${by}${values['reason'] ? ` (${values['reason']})` : ''}.`
