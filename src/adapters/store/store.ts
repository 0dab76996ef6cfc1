// The store: everything Backchannel remembers, in one SQLite file that several processes use at once. This file opens it.

import fs from 'node:fs/promises'
import path from 'node:path'
import type { ChatLog } from '../../bot/chat-log.ts'
import type { Messages } from '../../bot/messages.ts'
import type { HouseJournal, Journal } from '../../runner/journal.ts'
import type { Instant } from '../../task/words.ts'
import { anchoring, readAnchors } from './anchors.ts'
import { openChatLog } from './chat-log.ts'
import { openDatabase } from './database.ts'
import { openHouse } from './house.ts'
import { openJournal } from './journal.ts'
import { openMessages } from './messages.ts'
import { migrate, readMigrations } from './migrate.ts'
import { storeError } from './store-error.ts'
import { verify, type Verification } from './verify.ts'

/** Prompts and answers are nobody else's to read; SQLite gives its side files the same mode. */
const FILE_MODE = 0o600

const ANCHORS = 'anchors.jsonl'

export type Store = {
  journal: Journal
  house: HouseJournal
  messages: Messages
  chatLog: ChatLog
  /** Notes outside of the database how far the chains of facts have come. One process of a home does so. */
  anchor(at: Instant): Promise<void>
  /** `mustHold`: the hash of a note that somebody kept. */
  verify(mustHold?: string): Promise<Verification>
  close(): Promise<void>
}

/** Opens the database, makes or upgrades it where needed. Rejects with a StoreError when it cannot be used. */
export async function openStore(file: string): Promise<Store> {
  const migrations = await readMigrations()
  try {
    await (await fs.open(file, 'a', FILE_MODE)).close()
    migrate(file, migrations)
    const database = openDatabase(file)
    const anchors = path.join(path.dirname(file), ANCHORS)
    return {
      journal: openJournal(database),
      house: openHouse(database),
      messages: openMessages(database),
      chatLog: openChatLog(database),
      anchor: anchoring(database, anchors),
      verify: (mustHold) => verify(database, readAnchors(anchors), mustHold),
      close: () => database.close(),
    }
  } catch (error) {
    throw storeError(file, error)
  }
}
