// What Slack's libraries say, without tokens; what only helps to debug them is left out.

import { LogLevel, type Logger } from '@slack/bolt'
import { CHAT } from './inbound.ts'
import type { Log } from './room.ts'

const TOKEN = /\bx(?:ox[a-z]|app)-[\w-]+/gu

export function loggerOf(log: Pick<Log, 'warn' | 'error'>): Logger {
  const say =
    (level: 'warn' | 'error') =>
    (...said: unknown[]) =>
      log[level]({ from: CHAT }, said.map(String).join(' ').replaceAll(TOKEN, '(token)'))
  return {
    debug: () => {},
    info: () => {},
    warn: say('warn'),
    error: say('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  }
}

/** For who says everything that matters as an answer. */
export const quiet = loggerOf({ warn: () => {}, error: () => {} })
