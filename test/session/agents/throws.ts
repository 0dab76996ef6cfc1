// An agent that breaks: its prompt says when.
import type { Agent } from '../../../src/runner/agent.ts'

const broken = (): never => {
  throw new Error('nothing works today')
}

export const agent: Agent = {
  name: 'throws',
  limits: { guidance: false, resume: false, questions: true },
  open({ prompt }) {
    if (prompt === 'now') broken()
    if (prompt === 'later') setTimeout(broken, 50)
    return { ended: new Promise(() => {}), answer: broken, guide: broken, stop: () => true }
  },
}
