// `backchannel diff TASK`: what it changed, as numbers and text.

import { diffNumbers } from '../bot/texts.ts'
import { isRefused } from '../task/words.ts'
import { withTask } from './one.ts'
import { say, sayJson, sayRefusal } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'diff', { valued: [], bare: ['json', 'stat'] }, false, async ({ house, id, flags }) => {
    const found = await house.views.diff(id)
    if (isRefused(found)) return sayRefusal(found)
    if ('json' in flags) sayJson(found)
    else say([diffNumbers(found), ...('stat' in flags || found.files.length === 0 ? [] : ['', found.text])].join('\n'))
    return 0
  })
