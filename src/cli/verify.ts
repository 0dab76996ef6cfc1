// `backchannel verify`: proves that no fact was altered or removed, or names the first that was.

import type { Verification } from '../adapters/store/verify.ts'
import { flagsAlone } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayJson } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: [], bare: ['json'] })
  const house = await openHouse()
  try {
    const found = await house.store.verify()
    if ('json' in flags) sayJson(found)
    else say(words(found))
    return found.kind === 'verified' ? 0 : 1
  } finally {
    await house.close()
  }
}

const words = (found: Verification): string =>
  found.kind === 'verified'
    ? `Nothing was altered: ${found.facts} facts of ${found.tasks} tasks verified${found.erased > 0 ? `, ${found.erased} of them erased on purpose` : ''}.`
    : `The first altered fact is number ${found.version} of ${found.task}: ${found.what}.`
