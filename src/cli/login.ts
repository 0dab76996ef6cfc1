// `backchannel login`: a new link to the page. It works once, for ten minutes.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { newLogin } from '../adapters/page/index.ts'
import { ConfigError, readConfig } from '../config.ts'
import { flagsAlone } from './args.ts'
import { makeHome } from './folders.ts'
import { say } from './print.ts'

/** Where `up` writes the port it got, because PORT may be 0. */
export const portFile = (home: string): string => path.join(home, 'page.port')

export async function verb(argv: string[]): Promise<number> {
  flagsAlone(argv, { valued: [], bare: [] })
  const { home, port } = readConfig()
  makeHome(home)
  const link = newLogin({ home, port: portOfPage(home) ?? port, now: Date.now() })
  say(await link.catch((error: Error) => Promise.reject(new ConfigError(`${home} cannot be used: ${error.message}.`))))
  return 0
}

function portOfPage(home: string): number | null {
  try {
    return Number(readFileSync(portFile(home), 'utf8'))
  } catch {
    return null
  }
}
