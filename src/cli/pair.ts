// `backchannel pair`: prints a code that makes whoever says it in a chat an owner.

import { openedPairing } from '../bot/pairing.ts'
import { flagsAlone } from './args.ts'
import { openHouse } from './house.ts'
import { say } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  flagsAlone(argv, { valued: [], bare: [] })
  const { store, user, close } = await openHouse()
  try {
    const code = await openedPairing({ house: store.house, now: Date.now }, user)
    say(`Say this in the chat, within ten minutes; it works once and makes you an owner there:\n\n  /bg pair ${code}\n`)
    return 0
  } finally {
    await close()
  }
}
