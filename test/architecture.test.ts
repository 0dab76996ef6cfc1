// The map of ARCHITECTURE.md, held against the sources. The rules are data in support/rules.ts.
import { describe, expect, test } from 'vitest'
import { RULES, type Rule } from './support/rules.ts'
import { parseSource, readSources, type Source } from './support/sources.ts'

const sources = readSources('src', 'test')

describe('the sources keep to the map:', () => {
  test.each(RULES)('$title', (rule) => {
    expect(violations(rule, sources)).toEqual([])
  })
})

describe('code that breaks the rule is found:', () => {
  test.each(RULES)('$title', (rule) => {
    expect(rule.breaks).not.toEqual([])
    const found = rule.breaks.filter(({ path, code }) => violations(rule, [parseSource(path, code)]).length > 0)
    expect(found).toEqual(rule.breaks)
  })
})

describe('what is allowed is not found:', () => {
  test.each([
    ['src/task/due.ts', 'export const at = (now: number) => new Date(now).toISOString() // Date.now() for slack'],
    [
      'src/adapters/agent/claude/gate.ts',
      "import type { Ask } from '../../../task/request.ts'\nexport const name = 'claude'",
    ],
    [
      'src/adapters/chat/slack/render.ts',
      "import { type Card } from '../../../task/card.ts'\nimport { App } from '@slack/bolt'",
    ],
    ['src/runner/workspace.ts', "import fs from 'node:fs'\nimport { evolve } from '../task/evolve.ts'"],
    [
      'src/bot/surface.ts',
      "import type { Journal } from '../runner/journal.ts'\nexport const title = 'webhook, shells and demos'",
    ],
    ['src/cli/up.ts', "export const agent = await import('../adapters/agent/' + 'claude/index.ts')"],
    ['src/config.ts', 'export const home = process.env.BACKCHANNEL_HOME'],
  ])('%s', (path, code) => {
    expect(RULES.flatMap((rule) => violations(rule, [parseSource(path, code)]))).toEqual([])
  })
})

function violations(rule: Rule, among: Source[]): string[] {
  return among.flatMap((source) => rule.check(source).map((what) => `${source.path} ${what}`))
}
