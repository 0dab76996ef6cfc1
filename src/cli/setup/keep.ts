// Keeps what a chat needs in `chats.yaml` of the home, beside what other chats need; nobody but its owner may read it.

import fs from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { CHATS_FILE } from '../../config/chats.ts'
import { makeHome } from '../folders.ts'

export function keep(home: string, chat: string, values: Record<string, string>): void {
  makeHome(home)
  const file = path.join(home, CHATS_FILE)
  const document = parseDocument(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '{}')
  document.set(chat, values)
  const fresh = `${file}.new`
  fs.writeFileSync(fresh, String(document), { mode: 0o600 })
  fs.renameSync(fresh, file)
}
