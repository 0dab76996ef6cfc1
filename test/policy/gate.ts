// Rules and a call as typed, through the door to the decision.
import { callOf } from '../../src/adapters/shell-parser/index.ts'
import { placesOf } from '../../src/adapters/shell-parser/paths.ts'
import { judge, policyOf, type Judgement } from '../../src/task/policy/judge.ts'
import { rules, said, type Texts } from '../core/policy-given.ts'

const SITE = { cwd: '/nowhere/api', home: '/nowhere/ann' }

export async function judgeTyped(texts: Texts, tool: string, input: object, site = SITE): Promise<Judgement> {
  return judge(policyOf(rules(texts), placesOf(site.cwd, site.home)), callOf(tool, input, site))
}

/** `allow Bash(ls *)`; `ask!` where nobody can tell, `none` where no rule says anything. */
export const decided = async (texts: Texts, command: string): Promise<string> =>
  said(await judgeTyped(texts, 'Bash', { command }))
