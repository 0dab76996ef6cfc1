// The chat of Slack, over Bolt in Socket Mode: no public address is needed. Bolt routes what arrives, one listener for each kind; all
// that is ours to decide stands in the files beside this one.

import { App, type Logger } from '@slack/bolt'
import { z } from 'zod'
import type { CatchUp, Chat, ChatHealth } from '../../../bot/chat.ts'
import { clientOptions, failureOf, isOfToken, sleeper, WebClient, whyRefused } from './api.ts'
import { answers as makeAnswers } from './answers.ts'
import { cursor as makeCursor } from './cursor.ts'
import { hearing, type Acknowledge, type Hearing, type Receive } from './hearing.ts'
import { CHAT, click, command, homeOpened, shortcut, submission, words } from './inbound.ts'
import { ACKNOWLEDGE_MS, MESSAGE_CHARS_MAX, READS_BURST, READS_PER_MINUTE } from './limits.ts'
import { paced } from './lanes.ts'
import { lines as makeLines, type Lines } from './lines.ts'
import { loggerOf } from './logger.ts'
import { marks as makeMarks } from './marks.ts'
import { missed as makeMissed, type Missed } from './missed.ts'
import { people as makePeople, within } from './people.ts'
import { posting as makePosting } from './posting.ts'
import type { Log, Room, Us } from './room.ts'
import { threads as makeThreads } from './threads.ts'
import { APP_TOKEN_NAME, BOT_TOKEN_NAME, wrongTokens } from './tokens.ts'

export type SlackOptions = {
  botToken: string
  appToken: string
  /** Another endpoint than slack.com. */
  apiUrl?: string | undefined
  log: Log
  now: () => number
}

const EDITS_PER_MINUTE = 50
const BEGINNING_MS = 1_000
const NOBODY: Us = { user: '', bot: '', name: 'bg', url: 'https://slack.com/' }
const DOORS_MAX = 1_000

const Identity = z.object({
  user_id: z.string(),
  bot_id: z.string().default(''),
  user: z.string().default(NOBODY.name),
  url: z.string().default(NOBODY.url),
})

export function slackChat({ botToken, appToken, apiUrl, log, now }: SlackOptions): Chat {
  const logger = loggerOf(log)
  const client = new WebClient(botToken, clientOptions(apiUrl, logger))
  const ending = new AbortController()
  const wait = sleeper(ending.signal)
  const doors = new Map<string, string>()
  let us = NOBODY
  let since = now()
  let state: ChatHealth['state'] = 'down'
  let lines: Lines | null = null
  /** Why nothing goes, found out only when Slack answered. */
  let broken: string | null = null
  let known: ReturnType<typeof makeThreads> | null = null
  const busy = new Set<Promise<void>>()

  const room: Room = {
    client,
    now,
    wait,
    mayRead: paced({ now, wait }, READS_BURST, READS_PER_MINUTE),
    us: () => us,
    log,
    locked(channel, sentence) {
      const respond = doors.get(channel)
      doors.delete(channel)
      if (respond !== undefined) void answers.byUrl(respond, { response_type: 'ephemeral', text: sentence })
    },
  }
  const answers = makeAnswers(room)
  const posting = makePosting(room)

  function changed(): void {
    const isOpen = (lines?.open() ?? 0) > 0
    const isOver = ending.signal.aborted || broken !== null || (!isOpen && lines?.refused())
    const next = isOver ? 'down' : isOpen ? 'live' : 'reconnecting'
    if (next === state) return
    state = next
    since = now()
  }

  /** Who we are. Rejects with a sentence when the token is wrong; while Slack does not answer, it is asked again. */
  async function identify(isFirst: boolean): Promise<boolean> {
    try {
      const { user_id: user, bot_id: bot, user: name, url } = Identity.parse(await client.auth.test())
      us = { user, bot, name, url }
      return true
    } catch (error) {
      if (failureOf(error).kind === 'refused')
        throw new Error(whyRefused(error, BOT_TOKEN_NAME) ?? String(error), { cause: error })
      if (isFirst) log.warn({ err: error }, 'Slack does not answer; trying again')
      return false
    }
  }

  async function start(receive: Receive, catchUp: CatchUp): Promise<void> {
    state = 'reconnecting'
    const wrong = wrongTokens(botToken, appToken)
    if (wrong !== null) throw new Error(wrong)
    const begin = async (): Promise<void> => {
      const first = await connect(receive, catchUp)
      const why = first && whyRefused(first.failed, APP_TOKEN_NAME)
      if (first && why !== null) throw new Error(why, { cause: first.failed })
    }
    if (await identify(true)) return begin()
    void untilThere()
      .then(begin)
      .catch((error: unknown) => {
        if (ending.signal.aborted) return
        broken = error instanceof Error ? error.message : String(error)
        changed()
        log.error({ err: error }, 'Slack refuses us')
      })
  }

  async function untilThere(): Promise<void> {
    do await wait(BEGINNING_MS)
    while (!(await identify(false)))
  }

  async function connect(receive: Receive, catchUp: CatchUp): Promise<{ failed: unknown } | null> {
    const people = makePeople(room)
    // Known before somebody clicks, who has three seconds.
    people.groups(us.user).catch(() => {})
    const threads = makeThreads(room, people, catchUp)
    const cursor = makeCursor(catchUp)
    const asked = (channel: string, respond: string | null): void => {
      if (respond === null) return
      if (doors.size >= DOORS_MAX) doors.clear()
      doors.set(channel, respond)
    }
    const heard = hearing({ room, people, threads, answers, cursor, receive, catchUp, asked })
    known = threads
    const missed = makeMissed(room, { threads, cursor, catchUp, words: heard.words })
    const failed = (): unknown => cursor.hasOpen() && missed.look()
    const app = routed({ heard, missed, botToken, us, logger, busy, failed })
    lines = makeLines({ app, appToken, slackApiUrl: apiUrl, logger, now, wait, back: missed.look, changed })
    const first = await lines.start()
    changed()
    return first
  }

  /** A token may be taken back while the connections stand, and be given again. */
  async function noticing<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked
      if (answer !== 'later') broken = null
      return answer
    } catch (error) {
      if (error instanceof Error && isOfToken(error.cause)) broken = error.message
      throw error
    } finally {
      changed()
    }
  }

  return {
    id: CHAT,
    limits: {
      name: 'Slack',
      cardCharsMax: MESSAGE_CHARS_MAX,
      forms: true,
      marks: true,
      lines: true,
      editsPerMinute: EDITS_PER_MINUTE,
    },
    start,
    async stop() {
      // What is being done is acknowledged over the connection it came over.
      await within(Promise.allSettled(busy), ACKNOWLEDGE_MS, null)
      ending.abort()
      await lines?.stop()
      changed()
    },
    health() {
      const refused = lines?.refused()
      const why = refused ? (whyRefused(refused, APP_TOKEN_NAME) ?? 'Slack refuses the connection') : broken
      const detail = state === 'reconnecting' ? 'no connection to Slack; trying again' : state === 'down' ? why : null
      return { state, since, ...(detail !== null && { detail }) }
    },
    async post(place, card, key) {
      const ref = await noticing(posting.post(place, card, key))
      known?.add(ref.channel, place.thread ?? ref.id)
      return ref
    },
    edit: (ref, card) => noticing(posting.edit(ref, card)),
    find: posting.find,
    mark: makeMarks(room),
  }
}

type Routing = {
  heard: Hearing
  missed: Missed
  botToken: string
  us: Us
  logger: Logger
  /** What is being done. */
  busy: Set<Promise<void>>
  failed: () => unknown
}

/** One listener for each kind of thing: what has none is not acknowledged, and its person sees an error. */
function routed({ heard, missed, botToken, us, logger, busy, failed }: Routing): App {
  const app = new App({
    authorize: async () => ({ botToken, botId: us.bot, botUserId: us.user }),
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
    logger,
  })
  const acknowledge =
    (ack: (answer?: never) => Promise<void>): Acknowledge =>
    async (answer) => {
      try {
        await ack(answer as never)
        return true
      } catch (error) {
        // Over a dead connection nothing can be acknowledged; what was done stays done.
        logger.warn(`could not acknowledge: ${String(error)}`)
        return false
      }
    }
  const kept = async (work: Promise<void>): Promise<void> => {
    busy.add(work)
    await work.finally(() => busy.delete(work))
  }
  /** What cannot be read is acknowledged all the same: asked again it would not become readable. */
  const on =
    <T>(read: (body: unknown) => T | null, does: (heard: T, ack: Acknowledge) => Promise<void>) =>
    async ({ body, ack }: { body: object; ack: (answer?: never) => Promise<void> }): Promise<void> => {
      const said = readable(read, body, logger)
      if (said === null) await acknowledge(ack)()
      else await kept(does(said, acknowledge(ack)))
    }
  app.command(/.*/u, on(command, heard.command))
  app.action(/.*/u, on(click, heard.click))
  app.shortcut(/.*/u, on(shortcut, heard.shortcut))
  app.view(/.*/u, on(submission, heard.submit))
  const said = async ({ body }: { body: object }): Promise<void> => {
    const message = words(body)
    if (message) await kept(missed.before(message).then(() => heard.words(message)))
  }
  app.event('message', said)
  app.event('app_mention', said)
  app.event('app_home_opened', async ({ body }) => {
    const opened = readable(homeOpened, body, logger)
    if (opened) await kept(heard.home(opened))
  })
  // Thrown on: the connection then does not acknowledge the event, and it comes again.
  app.error(async (error) => {
    logger.error(error.message)
    failed()
    throw error
  })
  return app
}

function readable<T>(read: (body: unknown) => T | null, body: unknown, logger: Logger): T | null {
  try {
    return read(body)
  } catch (error) {
    logger.error(`what Slack sent could not be read: ${String(error)}`)
    return null
  }
}
