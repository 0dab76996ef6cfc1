// The log of a process that stays. Written at once and never worth a process: a line that cannot be written (a full disk) is
// left out. The logger's own stream to a file ends the process instead, and waits for ever for room while it does.

import fs from 'node:fs'
import { pino, type Logger } from 'pino'

/** `masked`: a line without what must never stand in a log. */
export function openLog(file: string, level: string, masked: (line: string) => string): Logger {
  const descriptor = fs.openSync(file, 'a', 0o600)
  const write = (line: string): void => {
    try {
      fs.writeSync(descriptor, masked(line))
    } catch {
      // There is no room: what is true stands in the journal, and health says what is wrong.
    }
  }
  return pino({ level, base: null }, { write })
}
