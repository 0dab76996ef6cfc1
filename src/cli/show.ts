// `backchannel show TASK`: where it stands; with --json everything, its facts included.

import { showText } from '../bot/texts.ts'
import { withTask } from './one.ts'
import { say, sayJson } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'show', { valued: [], bare: ['json'] }, false, async ({ house, id, flags }) => {
    const task = await house.views.task(id)
    if (!task) return 1
    if ('json' in flags) sayJson(task)
    else say(showText(task).text)
    return 0
  })
