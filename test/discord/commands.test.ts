// /bg in Discord: its definition follows from the verbs, and what is chosen becomes the text a person would type.
import { expect, test } from 'vitest'
import {
  completedIn,
  definition,
  FORM_VERB,
  MENU_ENTRY,
  textOf,
  WORDS_AFTER_TASK,
} from '../../src/adapters/chat/discord/commands.ts'
import { VERBS } from '../../src/bot/commands.ts'
import { VERB_HELP } from '../../src/bot/help.ts'
import { parseWords } from '../../src/bot/words.ts'
import { discordSpec, withoutDiscordSpec } from '../fake/discord/spec.ts'

type Option = { name: string; type: number; autocomplete?: boolean; options?: Option[] }
const [bg, menu] = definition(VERB_HELP) as { name: string; type: number; options: Option[] }[]
const sub = (word: string): Option | undefined => bg?.options.find(({ name }) => name === word)

test('every verb is a subcommand with an option for each of its flags, and there is a form and a menu entry', () => {
  expect(bg?.options.map(({ name }) => name)).toEqual([FORM_VERB, ...VERB_HELP.map(({ word }) => word)])
  for (const { word, flags } of VERB_HELP) {
    const options = sub(word)?.options?.map(({ name }) => name) ?? []
    expect(options).toEqual(expect.arrayContaining(flags.map((flag) => flag.word.replace('--', ''))))
  }
  expect(menu).toMatchObject({ name: MENU_ENTRY, type: 3 })
  expect(
    Object.keys(WORDS_AFTER_TASK).filter((word) => VERB_HELP.find((one) => one.word === word)?.takes !== 'task'),
  ).toEqual([])
})

test.skipIf(withoutDiscordSpec)('skipped without the description: Discord takes the definition', () => {
  expect(discordSpec().request('PUT', '/applications/1/commands', definition(VERB_HELP))).toBeNull()
})

test('tasks, repositories, agents and labels are completed', () => {
  const completed = (word: string) =>
    (sub(word)?.options ?? []).filter(({ autocomplete }) => autocomplete).map(({ name }) => name)
  expect(completed('start')).toEqual(['agent', 'repo', 'label'])
  expect(completed('logs')).toEqual(['task'])
  expect(completedIn('start', [{ name: 'repo', value: 'ap', focused: true }], VERB_HELP)).toEqual({
    what: 'repo',
    text: 'ap',
  })
  expect(completedIn('start', [{ name: 'agent', value: '', focused: true }], VERB_HELP)).toEqual({
    what: 'agent',
    text: '',
  })
  expect(completedIn('start', [{ name: 'label', value: 'x', focused: true }], VERB_HELP)).toEqual({
    what: 'label',
    text: 'x',
  })
  expect(completedIn('stop', [{ name: 'task', value: 'fix', focused: true }], VERB_HELP)).toEqual({
    what: 'task',
    text: 'fix',
  })
  expect(completedIn('start', [{ name: 'text', value: 'fix', focused: true }], VERB_HELP)).toBeNull()
})

test.each([
  ['start', { agent: 'demo', repo: 'api', text: 'fix it\nplease' }, 'start --agent demo --repo api fix it\nplease'],
  ['start', { check: 'npm test -- --run', here: true, text: 'go' }, 'start --check "npm test -- --run" --here go'],
  ['start', { label: 'say "hi"', text: 'go' }, `start --label 'say "hi"' go`],
  ['start', {}, 'start'],
  ['run', { worktree: false, text: 'npm test' }, 'run npm test'],
  ['logs', { task: 'fix-it', tail: '5', grep: 'not ok' }, 'logs fix-it --tail 5 --grep "not ok"'],
  ['answer', { task: 'fix-it', text: 'the second one' }, 'answer fix-it the second one'],
  ['stop', { task: 'fix-it' }, 'stop fix-it'],
  ['stop', {}, 'stop'],
  ['tasks', {}, 'tasks'],
  [FORM_VERB, {}, ''],
])('/bg %s %j becomes “%s”', (word, given, text) => {
  const options = Object.entries(given).map(([name, value]) => ({ name, value }))
  expect(textOf(word, options, VERB_HELP)).toEqual({ text })
})

test('what was quoted is read as it was chosen, and what cannot be quoted is a sentence', () => {
  const grammar = { valued: ['label', 'check'], bare: [] }
  for (const value of ['two words', `it's`, 'say "hi" now', 'plain']) {
    const typed = textOf(
      'start',
      [
        { name: 'label', value },
        { name: 'text', value: 'go' },
      ],
      VERB_HELP,
    )
    expect('text' in typed && parseWords(typed.text.replace(/^start /u, ''), grammar)).toEqual({
      flags: { label: value },
      rest: 'go',
    })
  }
  expect(textOf('start', [{ name: 'label', value: `it's "both"` }], VERB_HELP)).toEqual({
    refused: '--label cannot hold both kinds of quotes: leave one of them out.',
  })
})

test('the verbs of the help are verbs there are', () => {
  expect(VERB_HELP.map(({ word }) => word).filter((word) => !(word in VERBS))).toEqual([])
})
