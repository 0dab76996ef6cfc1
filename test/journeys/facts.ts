// What journeys count: facts, cards, lines.
import fs from 'node:fs'
import type { ChatMessage } from '../../src/bot/chat-log.ts'
import type { Fact } from '../../src/task/facts.ts'
import { cards } from './page.ts'

export const factsOf = (facts: Fact[], type: Fact['body']['type']): number =>
  facts.filter(({ body }) => body.type === type).length

/** The titles of the cards among the messages, in order. */
export const titles = (messages: ChatMessage[]): string[] => cards(messages).map((card) => card.title)

/** Lines of a file in which commands leave a trace of having run; none while there is no file. */
export const lines = (file: string): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : []
