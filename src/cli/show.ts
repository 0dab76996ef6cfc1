// `backchannel show TASK`: where it stands, and all of what it asks; with --json everything, its facts included.

import { showText } from '../bot/texts.ts'
import type { Field, Option, Request } from '../task/request.ts'
import { withTask } from './one.ts'
import { say, sayJson, seen } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'show', { valued: [], bare: ['json'] }, false, async ({ house, id, flags }) => {
    const task = await house.views.task(id)
    if (!task) return 1
    if ('json' in flags) sayJson(task)
    else say([seen(showText(task).text), ...task.open.flatMap(asked)].join('\n'))
    return 0
  })

/** What can be answered here has to be read here: every word of it, and what there is to answer. */
function asked({ id, kind, title, detail, warnings = [], options }: Request): string[] {
  const isStrict = kind === 'permission'
  const lines = [
    ...(detail === '' ? [] : detail.split('\n')),
    ...warnings.map((warning) => `Careful: ${warning}`),
    ...options.flatMap(answering),
  ]
  return ['', `${seen(title, isStrict)} (${id})`, ...lines.map((line) => `  ${seen(line, isStrict)}`)]
}

const answering = ({ id, label, rule, fields = [] }: Option): string[] => [
  `${id}: ${label}${rule ? `, ${rule}` : ''}`,
  ...fields.map(({ label: name, choices = [] }: Field) =>
    [`  ${name}`, choices.map((choice) => choice.label).join(' | ')].filter(Boolean).join(': '),
  ),
]
