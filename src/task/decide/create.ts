// A new task.

import type { FactBody } from '../facts.ts'
import { LABEL_CHARS_MAX, isLabel } from '../label.ts'
import type { Task } from '../task.ts'
import { refuse, type Refused } from '../words.ts'
import type { Create } from './command.ts'
import { cleanText } from './text.ts'

export function create(task: Task | null, { by: _by, id: _id, type: _type, ...wanted }: Create): FactBody[] | Refused {
  if (task) return refuse(`There is a task ${task.id} already.`)
  const prompt = cleanText(wanted.prompt, 'prompt')
  if (typeof prompt !== 'string') return prompt
  if (!isLabel(wanted.label)) {
    return refuse(
      `“${wanted.label}” cannot be a label: use letters, digits and single dashes, at most ${LABEL_CHARS_MAX}.`,
    )
  }
  return [{ ...wanted, type: 'created', prompt }]
}
