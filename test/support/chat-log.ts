// A chat log in memory, for tests of what stands in front of it. It keeps the port's promises: a key is taken once, every
// change takes the next seq, replies are counted.
import type { ChatLog, ChatMessage, NewChatMessage } from '../../src/bot/chat-log.ts'

type Kept = Omit<ChatMessage, 'replies'> & { key: string }

export function chatLogInMemory(): ChatLog {
  const kept: Kept[] = []
  let seq = 0

  const show = ({ key: _key, ...message }: Kept): ChatMessage =>
    structuredClone({ ...message, replies: kept.filter((one) => one.thread === message.id).length })
  const find = (matches: (one: Kept) => boolean): ChatMessage | null => {
    const found = kept.find(matches)
    return found ? show(found) : null
  }

  return {
    async add({ key, ...message }: NewChatMessage) {
      const first = find((one) => one.key === key)
      if (first) return first
      seq += 1
      const added: Kept = { ...structuredClone(message), key, id: `m${kept.length + 1}`, seq, editedAt: null }
      kept.push(added)
      return show(added)
    },
    async edit(id, content, at) {
      const message = kept.find((one) => one.id === id)
      if (!message) return null
      seq += 1
      Object.assign(message, { content: structuredClone(content), editedAt: at, seq })
      return show(message)
    },
    byKey: async (key) => find((one) => one.key === key),
    get: async (id) => find((one) => one.id === id),
    since: async (after, limit) =>
      kept
        .filter((one) => one.seq > after)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
        .map(show),
    async roots(channel, limit, before) {
      const roots = kept.filter((one) => one.channel === channel && one.thread === null)
      const end = before === undefined ? roots.length : roots.findIndex((one) => one.id === before)
      return roots.slice(Math.max(0, end - limit), Math.max(0, end)).map(show)
    },
    thread: async (root) => kept.filter((one) => one.id === root || one.thread === root).map(show),
    lastSeq: async () => seq,
  }
}
