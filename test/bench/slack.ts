// Slack, over a Slack of ours: a command until it is acknowledged and until its card is there, a click until the card says so; and
// fifty tasks in one channel, with the limits of the real one.

import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { APP_TOKEN, BOT_TOKEN, fakeSlack, type FakeSlack } from '../fake/slack/index.ts'
import { buttonsIn, type Hands } from '../fake/slack/people.ts'
import { allOf } from '../fake/slack/spec.ts'
import type { Message } from '../fake/slack/state.ts'
import { until } from '../support/until.ts'
import { newHome, start } from './rubble.ts'
import { timed, type Found, type Size } from './samples.ts'
import { up } from './up.ts'

const BARE = path.join(import.meta.dirname, 'bare-slack.ts')
/** Until Slack takes a burst of edits again: they are counted over all tasks. */
const REST_MS = 6_500
const LONG = { within: 600_000 }

type Place = { server: FakeSlack; ann: Hands; env: Record<string, string>; channel(name: string): string }

export async function slack({ slackSamples: count, slackTasks: tasks }: Size): Promise<Found> {
  const ours = await place()
  const bare = await place()
  const app = start([BARE], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...bare.env } })
  if (app.stdout) await once(app.stdout, 'data')
  const home = newHome(`slots: 4\npeople:\n  all:\n    who: [slack:${ours.ann.id}]\n    admin: true\n`)
  const it = await up(home, ours.env)
  await until(() => ours.server.sockets.count() === 2)
  const acknowledged = pair()
  const shown = pair()
  const clicked = pair()

  for (let i = 0; i <= count; i++) {
    const [one, other] = [await sample(ours, `job-${i}`, true), await sample(bare, `job-${i}`, false)]
    // The first time fills caches.
    if (i > 0)
      for (const [found, name] of [
        [acknowledged, 'help'],
        [shown, 'card'],
        [clicked, 'click'],
      ] as const) {
        found.ours.push(one[name])
        found.bareMs.push(other[name])
      }
    await sleep(REST_MS)
  }
  const crowd = await fifty(ours, tasks)
  await it.stop()
  await Promise.all([ours.server.close(), bare.server.close()])
  const wrong = [...ours.server.violations, ...ours.server.limited.map(({ method }) => `429 of ${method}`)]
  return {
    hops: [
      { hop: 'Slack: command acknowledged', ...acknowledged, bare: 'Bolt echo app' },
      { hop: 'Slack: command → card', ...shown, bare: 'Bolt echo app' },
      { hop: 'Slack: click → card updated', ...clicked, bare: 'Bolt echo app' },
    ],
    notes: [crowd, `Slack: ${wrong.length === 0 ? 'no 429, and nothing it would not take' : wrong.join('; ')}`],
  }
}

const pair = () => ({ ours: [] as number[], bareMs: [] as number[] })

async function place(): Promise<Place> {
  const server = await fakeSlack()
  const ann = server.person('U0ANN', 'ann')
  return {
    server,
    ann,
    env: { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN, SLACK_API_URL: server.url },
    channel: (name) => server.channel(`C0${name.toUpperCase().replaceAll(/\W/gu, '')}`, [ann.id]),
  }
}

/** A channel for each, because messages in one are about one a second. */
async function sample({ server, ann, channel }: Place, label: string, isOurs: boolean) {
  const where = channel(label)
  const help = await timed(() => ann.command(where, 'help'))
  const began = performance.now()
  await ann.command(where, `start --agent demo --here --label ${label} permission npm install a\ndone Nothing to do`)
  const posted = await until(() => server.callsOf('chat.postMessage').find(({ args }) => args['channel'] === where))
  const root = await until(() => server.world.roots(where)[0])
  const card = isOurs
    ? await until(() => server.world.thread(where, root.ts).find((one) => buttonOf(one, 'Allow once')))
    : root
  await sleep(isOurs ? REST_MS : 0)
  const clickedAt = performance.now()
  await ann.clicks(where, card.ts, isOurs ? buttonOf(card, 'Allow once') : 'stop')
  const updated = await until(() =>
    server.callsOf('chat.update').find(({ args, at }) => args['ts'] === card.ts && at >= clickedAt),
  )
  return { help, card: posted.at - began, click: updated.at - clickedAt }
}

const buttonOf = ({ blocks = [] }: Message, label: string): string =>
  buttonsIn(blocks).find(({ text }) => text.text === label)?.action_id ?? ''

/** All at once; told is when the last final card stands, beside what the limits alone would take. */
async function fifty({ server, ann, channel }: Place, tasks: number): Promise<string> {
  const where = channel('crowd')
  const began = performance.now()
  const before = server.callsOf('chat.update').length
  for (let i = 0; i < tasks; i++) await ann.command(where, `run --label crowd-${i} true`)
  const titles = () => server.world.roots(where).map(({ blocks = [] }) => allOf(blocks[0], 'text')[0] ?? '')
  await until(() => titles().filter((title) => /^✓ crowd-\d+$/u.test(title)).length >= tasks, LONG)
  const last = (performance.now() - began) / 1_000
  const posts = server.callsOf('chat.postMessage').filter(({ args }) => args['channel'] === where).length
  const edits = server.callsOf('chat.update').length - before
  return `Slack: ${tasks} tasks in one channel: the last final card after ${last.toFixed(0)} s, with ${posts} messages and ${edits} edits until then; at one message a second and 48 edits a minute these alone take ${Math.max(posts, (edits / 48) * 60).toFixed(0)} s`
}
