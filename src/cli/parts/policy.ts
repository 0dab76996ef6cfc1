// The policy for somebody who works somewhere: the rules of the house and of the repository, what people granted, and what the
// house keeps to itself.

import path from 'node:path'
import { bothNames } from '../../adapters/shell-parser/paths.ts'
import type { Rules } from '../../config.ts'
import { SAMPLE } from '../../runner/sample.ts'
import type { PolicySource } from '../../task/policy/judge.ts'
import { belowOf } from '../../task/policy/path-pattern.ts'
import type { RuleSource } from '../../task/policy/rule.ts'

/** Parts of the home that are there for tasks. */
const FOR_TASKS = ['worktrees', SAMPLE]

/**
 * `directory`: where it works, or what that is a worktree of; `own`: what in the home is its own besides;
 * `typed`: its commands come from a person.
 */
export function policySource(
  { home, rules, repos }: Rules,
  {
    directory,
    repo,
    own = [],
    granted = [],
    typed = false,
  }: { directory: string; repo?: string | null; own?: string[]; granted?: RuleSource[]; typed?: boolean },
): PolicySource {
  const here = repos.find(({ name }) => name === repo) ?? repos.find((one) => holds(one.path, directory))
  const except = [...FOR_TASKS.map((one) => path.join(home, one)), ...repos.map((one) => one.path), ...own]
  return {
    rules: [...rules, ...(here?.rules ?? []), ...granted],
    kept: {
      names: bothNames(home),
      fromCommands: !typed,
      // Whoever works in the home itself or above it opens no door by that.
      except: except.filter((one) => one !== home && holds(home, one)).flatMap(bothNames),
    },
  }
}

const holds = (directory: string, other: string): boolean =>
  bothNames(directory).some((one) => bothNames(other).some((two) => belowOf(one, two) !== null))
