// The rule an “always” button offers: narrow, and still of use for the next call of its kind. Null
// where a rule would cover more than a person sees.

import type { Call, Command, FilePath } from './call.ts'
import { belowOf, type Places } from './path-pattern.ts'
import { COMMAND_TOOL, EDITS, FETCH_TOOL, READS } from './rule.ts'

/** Programs whose first words say what they do; the number is how many of them. */
const VERBS = new Map<string, number>([
  ...[
    'git',
    'npm',
    'pnpm',
    'yarn',
    'bun',
    'deno',
    'cargo',
    'go',
    'pip',
    'pip3',
    'uv',
    'poetry',
    'bundle',
    'gem',
    'composer',
  ].map((one) => [one, 1] as const),
  ...['brew', 'apt', 'apt-get', 'dotnet', 'mvn', 'gradle', 'terraform', 'systemctl', 'helm', 'kubectl', 'docker'].map(
    (one) => [one, 1] as const,
  ),
  ...['gh', 'aws', 'gcloud', 'az'].map((one) => [one, 2] as const),
])
/** Their verb runs a script whose name is the third word. */
const RUNS_SCRIPT = new Set(['npm run', 'npm run-script', 'pnpm run', 'yarn run', 'bun run', 'deno task'])

export function narrowRule(call: Call, places: Places): string | null {
  switch (call.kind) {
    case 'command':
      return call.parts.length === 1 && call.parts[0]?.kind === 'command' ? commandRule(call.parts[0]) : null
    case 'path':
      return pathRule(call.tool, call.path, places)
    case 'address':
      return call.host === null ? null : `${FETCH_TOOL}(domain:${call.host})`
    case 'other':
      return call.tool.startsWith('mcp__') && !call.tool.includes('*') ? call.tool : null
  }
}

/** Its verb with anything after it, or where it has none exactly this command. */
function commandRule({ assignments, words, spelled, runs }: Command): string | null {
  if (assignments.length > 0 || spelled !== 0 || runs.length > 0) return null
  const texts = words.map((word) => (word.length === 1 && typeof word[0] === 'string' ? word[0] : null))
  if (texts.some((text) => text === null || !/^[^\s*()'"\\\p{C}]+$/u.test(text))) return null
  const [program = '', verb = ''] = texts
  const named = 1 + (RUNS_SCRIPT.has(`${program} ${verb}`) ? 2 : (VERBS.get(program ?? '') ?? 0))
  const before = texts.slice(0, named)
  const isVerb =
    named > 1 && before.length === named && before.slice(1).every((text) => /^[a-z][\w:-]*$/u.test(text ?? ''))
  return `${COMMAND_TOOL}(${isVerb ? `${before.join(' ')} *` : texts.join(' ')})`
}

/** Exactly this file, by the name it has in the end. */
function pathRule(tool: string, { real }: FilePath, { root }: Places): string | null {
  const family = [EDITS, READS].find((one) => one.includes(tool))?.[0]
  if (family === undefined || /[*?[\]\\()!\p{C}]/u.test(real)) return null
  const below = root.map((one) => belowOf(one, real)).find((one) => one !== null && one !== '')
  return below === undefined ? `${family}(/${real})` : `${family}(/${below})`
}
