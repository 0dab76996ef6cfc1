// An agent that asks the rules about every command it is guided to, and writes what they say.
import { writeSync } from 'node:fs'
import type { Agent, Ended } from '../../../src/runner/agent.ts'

export const agent: Agent = {
  name: 'judges',
  limits: { guidance: true, resume: false, questions: false },
  open(session) {
    const ended = Promise.withResolvers<Ended>()
    return {
      ended: ended.promise,
      answer() {},
      guide({ id, text }) {
        const tell = async () => {
          const { decision, opinion, rule, narrow } = await session.judge('Bash', { command: text })
          writeSync(session.log, `${text}: ${opinion ? decision : 'none'} ${rule?.text ?? '-'} ${narrow ?? '-'}\n`)
          session.report({ type: 'guidance_delivered', guidance: id })
        }
        void tell()
      },
      stop() {
        ended.resolve({ kind: 'failed', reason: 'It was stopped.' })
        return true
      },
    }
  },
}
