// Rules and calls for the tables about the policy, as short as a table needs them.
import type { Assignment, Command, FilePath, Part, Word } from '../../src/task/policy/call.ts'
import { judge, policyOf, type Judgement, type Policy } from '../../src/task/policy/judge.ts'
import { LISTS, parseRule, type List, type Rule } from '../../src/task/policy/rule.ts'
import { isRefused } from '../../src/task/words.ts'

export const PLACES = { work: ['/code/api/sub'], root: ['/code/api'], home: ['/home/ann'] }

export type Texts = Partial<Record<List, string[]>>

export function rules(texts: Texts): Rule[] {
  return LISTS.flatMap((list) =>
    (texts[list] ?? []).map((text, index) => {
      const rule = parseRule({ list, text, at: `config.yaml:${index + 1}` })
      if (isRefused(rule)) throw new Error(`${text} ${rule.refused}`)
      return rule
    }),
  )
}

export const policy = (texts: Texts): Policy => policyOf(rules(texts), PLACES)

/** What is wrong with a rule, or null. */
export function wrong(list: List, text: string): string | null {
  const rule = parseRule({ list, text, at: 'config.yaml:1' })
  return isRefused(rule) ? rule.refused : null
}

/** A command of words without quotes; assignments in front are not known to be safe. */
export function cmd(line: string, more: Partial<Command> = {}): Command {
  const all = line.split(' ').filter((word) => word !== '')
  const first = all.findIndex((word) => !/^\w+=/u.test(word))
  const cut = first === -1 ? all.length : first
  const assignments = all.slice(0, cut).map((word): Assignment => ({ word: [word], safe: false }))
  const words = all.slice(cut).map((word): Word => [word])
  return {
    kind: 'command',
    source: line,
    assignments,
    words,
    files: [],
    spelled: 0,
    runs: [],
    transparent: false,
    ...more,
  }
}

export const computed = (source: string, never = ''): Word => [{ computed: source, never }]

export const judged = (texts: Texts, ...parts: Part[]): Judgement =>
  judge(policy(texts), { kind: 'command', tool: 'Bash', source: 'Bash(…)', parts })

/** In a word: the decision, and `none` where nobody has an opinion. */
export const said = ({ decision, rule, opinion }: Judgement): string =>
  rule ? `${decision} ${rule.text}` : opinion ? `${decision}!` : 'none'

export const file = (lexical: string, real = lexical): FilePath => ({ given: lexical, lexical, real })
