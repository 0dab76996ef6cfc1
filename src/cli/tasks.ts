// `backchannel tasks`: what there is, newest first.

import { tasksText } from '../bot/texts.ts'
import { UNENDED } from '../task/task.ts'
import { flagsAnywhere, UsageError } from './args.ts'
import { openHouse } from './house.ts'
import { say, sayJson, seen } from './print.ts'

const TASKS_MAX = 50

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsAnywhere(argv, { valued: ['limit'], bare: ['json', 'active'] })
  if (rest.length > 0) throw new UsageError(`tasks takes no “${rest[0]}”; “show” shows one task.`)
  const limit = Number(flags['limit'] ?? TASKS_MAX)
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit needs a number of tasks.')
  const house = await openHouse()
  try {
    const rows = await house.views.tasks({ limit, ...('active' in flags && { status: UNENDED }) })
    if ('json' in flags) {
      sayJson(rows)
    } else {
      const { text, code } = tasksText(rows)
      say(seen(code ?? text))
    }
    return 0
  } finally {
    await house.close()
  }
}
