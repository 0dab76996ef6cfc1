// How a session process is started: what its program is, and what it is told.

import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('session/main.ts', import.meta.url))

/** In the home: types are stripped once for all, which is 35 MB less for every session process, and a faster start. */
export const CACHE = 'cache'

/** In place of a directory: wait for a line with it. */
export const WAITS = '--wait'
