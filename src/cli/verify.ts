// `backchannel verify`: proves that no fact was altered or removed, or names the first that was.

import { flagsAnywhere } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayJson } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  const { flags } = flagsAnywhere(argv, { valued: [], bare: ['json'] })
  const house = await openHouse()
  try {
    const found = await house.store.verify()
    if ('json' in flags) sayJson(found)
    else say(JSON.stringify(found))
    return 0
  } finally {
    await house.close()
  }
}
