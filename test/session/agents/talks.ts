// An agent that asks, and on an answer asks as many long questions as its prompt says, all at once.
import type { Agent, Ended } from '../../../src/runner/agent.ts'

export const agent: Agent = {
  name: 'talks',
  limits: { guidance: false, resume: false, questions: true },
  open({ prompt, report }) {
    const ended = Promise.withResolvers<Ended>()
    const ask = (id: string, detail: string): void =>
      report({ type: 'requested', ask: { id, kind: 'question', title: id, detail, options: [] } })
    ask('first', '')
    return {
      ended: ended.promise,
      answer() {
        for (let n = 1; n <= Number(prompt); n++) ask(`more${n}`, 'x'.repeat(20_000))
      },
      guide() {},
      stop() {
        ended.resolve({ kind: 'failed', reason: 'It was stopped.' })
        return true
      },
    }
  },
}
