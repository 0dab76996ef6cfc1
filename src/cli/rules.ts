// `backchannel rules`: what people allowed always; `rules revoke ID`.

import { rulesText, shownRule } from '../bot/rules.ts'
import { unknown } from '../bot/words.ts'
import { flagsAnywhere, UsageError } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayJson, sayRefusal } from './print.ts'

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsAnywhere(argv, { valued: [], bare: ['json'] })
  const [what, id = '', ...more] = rest
  if (what !== undefined && what !== 'revoke') throw new UsageError(unknown(what, ['revoke'], 'verb of rules'))
  if (what !== undefined && (id === '' || more.length > 0))
    throw new UsageError('rules is used as: rules [--json], rules revoke ID.')
  const { rules, user, close } = await openHouse()
  try {
    const refused = what === undefined ? null : await rules.revoke({ by: user }, id)
    if (refused) return sayRefusal(refused)
    const all = await rules.list()
    if ('json' in flags) sayJson(all.map(shownRule))
    else if (what === undefined) sayText(rulesText(all))
    else say(`${id} is revoked.`)
    return 0
  } finally {
    await close()
  }
}

const sayText = ({ text, code }: { text: string; code?: string }): void => say(code ?? text)
