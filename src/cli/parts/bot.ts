// The bot of a home, put together and looking: the page with its chat, and what is posted there.

import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { webChat } from '../../adapters/chat/web/index.ts'
import { page } from '../../adapters/page/index.ts'
import { catchUp } from '../../bot/catch-up.ts'
import { mine } from '../../bot/mine.ts'
import { pairWith } from '../../bot/pairing.ts'
import { amongOthers, receiver } from '../../bot/receive.ts'
import { surface } from '../../bot/surface.ts'
import { RUN_AGENT } from '../agents.ts'
import { callersOfPage } from '../caller.ts'
import { chatsBeside } from '../chats.ts'
import { WEB, type House } from '../house.ts'
import { looksOf } from '../looks.ts'
import { portFile } from '../login.ts'
import type { Parts } from './health.ts'

const ANSWER_MS_MAX = 5_000

/** What a few facts and their messages take; with less, nothing can be promised. */
const ROOM_BYTES_MIN = 512 * 1024

/** Resolves with the login link of the page. Rejects with a sentence when the port is taken. */
export async function startBot(
  house: House,
  parts: Parts,
  log: Logger,
): Promise<{ link: string; chats: string[]; stop(): Promise<void> }> {
  const { config, store, bells, deeds, views, rules, owner } = house
  const chat = webChat({ log: store.chatLog, now: Date.now, owner, channel: WEB.channel })
  const chats = [chat, ...(await chatsBeside(house, log))]
  const listeners = new Set<() => void>()
  const shown = surface({
    now: Date.now,
    journal: store.journal,
    messages: store.messages,
    chats,
    lineIn: (place) => ({ ...place, channel: config.settings.channels[place.channel]?.summaries ?? place.channel }),
    failed: (name, error) => log.error({ chat: name, err: error }, 'could not post; trying again'),
  })
  const site = page({
    ...looksOf(house),
    chat: { routes: chat.routes, feed: chat.feed },
    health: async () => {
      const journal = await store.journal.heads({ limit: 1 }).then(
        () => whyNoRoom(config.home) ?? 'ok',
        (error: Error) => error.message,
      )
      const runner = await bells.isAnswered('runner')
      const found = parts.health()
      const ok = found.ok && journal === 'ok' && runner && chats.every((one) => one.health().state === 'live')
      return {
        runner: runner ? 'ok' : 'not running',
        bot: 'ok',
        ...found,
        ok,
        journal,
        chats: Object.fromEntries(chats.map((one) => [one.id, one.health()])),
      }
    },
    changes(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    callers: callersOfPage(store, log),
    now: Date.now,
    port: config.port,
    home: config.home,
    failed: (error) => log.error({ err: error }, 'a request of the page failed'),
  })
  const receive = receiver({
    deeds,
    views,
    messages: store.messages,
    pair: (by, code) => pairWith({ house: store.house, now: Date.now }, by, code),
    mine: (doer) => mine({ journal: store.journal, messages: store.messages, people: house.people }, doer),
    rules,
    runAgent: RUN_AGENT,
    repoOf: ({ channel }) => config.settings.channels[channel]?.repo ?? null,
  })
  // A token that is refused is told before anything else is there.
  for (const one of chats.toReversed()) {
    const missed = catchUp({ journal: store.journal, messages: store.messages, now: Date.now }, one.id)
    await answered(one.start(one === chat ? receive : amongOthers(store, receive), missed), (error) =>
      log.error({ chat: one.id, err: error }, 'it could not be begun'),
    )
  }
  const { port } = await site.start()
  fs.writeFileSync(portFile(config.home), String(port), { mode: 0o600 })
  const looks = parts.run('bot', () => shown.begin())
  await bells.answer('bot', () => {
    looks.ring()
    for (const listener of listeners) listener()
  })
  return {
    link: await site.newLogin(),
    chats: chats.map(({ limits }) => limits.name),
    async stop() {
      await site.stop()
      await Promise.all(chats.map((one) => one.stop()))
      fs.rmSync(portFile(config.home), { force: true })
    },
  }
}

/** A platform that does not answer keeps nobody from the page; it is tried on, and health says so. */
async function answered(starting: Promise<void>, late: (error: unknown) => void): Promise<void> {
  // This timer keeps the process: a chat that waits to try again may be all there is so early.
  const waiting = new AbortController()
  const waited = sleep(ANSWER_MS_MAX, true, { signal: waiting.signal }).catch(() => false)
  const isLate = await Promise.race([starting.then(() => false), waited]).finally(() => waiting.abort())
  if (isLate) starting.catch(late)
}

/** What can be read may still have no room for what is asked next. */
function whyNoRoom(home: string): string | null {
  const { bavail, bsize } = fs.statfsSync(home)
  return bavail * bsize < ROOM_BYTES_MIN ? `There is no space left on the disk for ${home}.` : null
}
