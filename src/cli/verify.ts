// `backchannel verify`: proves that no fact was altered or removed, or names the first that was. With `--noted HASH` also that
// nothing before that note was, whoever may have written to this machine since.

import type { Verification } from '../adapters/store/verify.ts'
import { flagsAlone } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayJson } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: ['noted'], bare: ['json'] })
  const house = await openHouse()
  try {
    const found = await house.store.verify(flags['noted'])
    if ('json' in flags) sayJson(found)
    else say(words(found))
    return found.kind === 'verified' ? 0 : 1
  } finally {
    await house.close()
  }
}

function words(found: Verification): string {
  switch (found.kind) {
    case 'verified': {
      const erased = found.erased > 0 ? `, ${found.erased} of them erased on purpose` : ''
      const all = `Nothing was altered: ${found.facts} facts of ${found.tasks} tasks verified${erased}.`
      return found.noted === '' ? all : `${all}\nTo prove this later: backchannel verify --noted ${found.noted}`
    }
    case 'altered':
      return `The first altered fact is number ${found.version} of ${found.task}: ${found.what}.`
    case 'notes altered':
      return found.line === 0
        ? 'The note you kept is not in anchors.jsonl: that file was altered or replaced.'
        : `anchors.jsonl was altered: its line ${found.line} is not as it was written.`
  }
}
