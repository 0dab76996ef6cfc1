// The scripted agent killed at every point of its script: it goes on, with what was answered and without what was done.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Answer, Ask } from '../../src/task/request.ts'
import { kill9 } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { AGENTS, answerTo, house, type Heard, type House } from './support.ts'

const DEMO = { agentModule: AGENTS.demo, options: { speed: '50' } }

const delivered = (heard: Heard): string[] =>
  heard.events.flatMap((event) => (event.type === 'delivered' ? event.request : []))

/** What a runner does: after every kill the next attempt begins, with the answers that were not delivered. */
async function killed(
  script: string,
  kills: ((heard: Heard, log: string) => boolean)[],
  { start, sessions, pid, file }: House,
) {
  const attempts: Heard[] = []
  for (let attempt = 1; !attempts.at(-1)?.gone?.ended; attempt++) {
    const events = attempts.flatMap((one) => one.events)
    const taken = attempts.flatMap(delivered)
    const answers = events.flatMap((event) =>
      event.type === 'requested' && !taken.includes(event.ask.id) ? answerOf(event.ask) : [],
    )
    const resume = events.flatMap((event) => (event.type === 'identified' ? event.session : []))[0] ?? null
    const heard = start({ ...DEMO, attempt, begun: attempt > 1, resume, prompt: script, answers })
    attempts.push(heard)
    const kill = kills[attempt - 1]
    const log = () => (existsSync(file('log', 't1', attempt)) ? readFileSync(file('log', 't1', attempt), 'utf8') : '')
    const answered = new Set<string>()
    await until(async () => {
      if (kill?.(heard, log())) {
        kill9(await pid('t1', attempt))
        await until(() => heard.gone)
      }
      for (const event of heard.events) {
        if (event.type !== 'requested' || answered.has(event.ask.id)) continue
        answered.add(event.ask.id)
        sessions.deliver('t1', attempt, { answer: answerOf(event.ask) })
      }
      return heard.gone
    })
  }
  return attempts
}

const answerOf = (ask: Ask): Answer => {
  const [first] = ask.options
  const values = Object.fromEntries(
    (first?.fields ?? []).map(({ id, choices }) => [id, choices?.[0]?.label ?? 'because']),
  )
  return answerTo(ask, first?.id ?? '', values)
}

/** How it came out: no request made twice, none whose answer was not taken exactly once, and the last word. */
function outcome(attempts: Heard[]) {
  const asks = attempts.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'requested' ? event.ask.id : [])),
  )
  const taken = attempts.flatMap(delivered)
  const last = attempts.at(-1)?.events.at(-1)
  return {
    twice: asks.filter((id, index) => asks.indexOf(id) !== index),
    wrong: asks.filter((id) => taken.filter((one) => one === id).length !== 1),
    summary: last?.type === 'completed' ? last.summary : last,
  }
}

const whole = (summary: RegExp) => ({ twice: [], wrong: [], summary: expect.stringMatching(summary) as unknown })

const SHOWN = new RegExp(
  [
    '^The rate limiter counts per user now\\. .*\n',
    '- npm install rate-limiter-flexible@7: allowed once by ann',
    '- Where should the counters live\\? In memory \\(ann\\)',
    '- What else should it get\\? Documentation \\(ann\\)',
    '- The plan: approved by ann(\n- echo "12 tests passed": exit 0)?$',
  ].join('\n'),
)

test.for([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  'killed at event %i it goes on to the end, and every answer is used once',
  async (point) => {
    const attempts = await killed('Show it.', [({ events }) => events.length >= point], await house())
    expect(outcome(attempts)).toEqual(whole(SHOWN))
  },
)

test.for(['Look around', 'Demo wants to run', 'Decide how', 'Change the code', 'Wrote', 'npm test', '12 tests passed'])(
  'killed at “%s” it goes on to the end, and every answer is used once',
  async (line) => {
    const attempts = await killed('Show it.', [(_, log) => log.includes(line)], await house())
    expect(outcome(attempts)).toEqual(whole(SHOWN))
  },
)

test('killed again and again it goes on to the end, and every answer is used once', async () => {
  const script = 'permission npm install a\nquestion Why?\ncrash\nplan One; Two\nrun echo ran >> ran\nexit\ndone Well'
  const made = await house()
  const soon = ({ events }: Heard): boolean => events.length >= 2
  const attempts = await killed(script, [soon, soon, soon], made)
  expect(attempts.length).toBeGreaterThan(4)
  expect(outcome(attempts)).toEqual(
    whole(
      /^Well\n\n- npm install a: allowed once by ann\n- Why\? because \(ann\)\n- The plan: approved by ann(\n- echo ran >> ran: exit 0)?$/,
    ),
  )
  // A command that was cut off may have run or not; it is never run twice.
  expect(existsSync(`${made.dir}/ran`) ? readFileSync(`${made.dir}/ran`, 'utf8') : 'ran\n').toBe('ran\n')
})
