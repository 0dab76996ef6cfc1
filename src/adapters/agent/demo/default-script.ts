// What the agent does when its prompt is no script: a bit of everything that a person can meet, in about ten seconds.

import { parseScript, type Step } from './script.ts'

const SHOW = `
step Look around
work 1500ms Reading src/limit.ts
work 1500ms Reading test/limit.test.ts
permission npm install rate-limiter-flexible@7
step Decide how
question Where should the counters live? In memory | SQLite | Redis
choose What else should it get? Documentation | Metrics | A test for every route
plan Count requests per user instead of per address; Keep the names of the headers; Run the tests
step Change the code
work 2s Editing src/limit.ts
edit backchannel-demo.md This file was written by the agent that shows what a task can do.
step Run the tests
work 2s npm test
run echo "12 tests passed"
done The rate limiter counts per user now. Nothing of this was real, except the file it wrote.
`

export function defaultScript(): Step[] {
  const steps = parseScript(SHOW)
  if (steps === null || 'wrong' in steps) throw new Error('the script that is shown by default is wrong')
  return steps
}

/** The answer to words that are no script, in a conversation that has begun. */
export const echo = (words: string): Step[] => [
  { do: 'work', ms: 1000, text: 'Thinking about what you said' },
  { do: 'done', summary: `You said: ${words}` },
]
