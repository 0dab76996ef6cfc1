// The table of Slack and Discord in the README, row by row: what it says of either is shown by tests of these titles.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '..')
const BOTH =
  'a task of each chat is in the list of all, decided where its people are, and one outage leaves the others alone'
const SLACK_JOURNEY =
  'somebody pairs, starts a task, approves it by a click, guides it by a reply and reads its end; an outsider is refused alone'
const DISCORD_JOURNEY =
  'a task is started, approved, denied with a reason, guided and summed up in Discord, over a kill -9 of up'

type Shown = { slack: string[]; discord: string[] }
const both = (...titles: string[]): Shown => ({ slack: titles, discord: titles })

const ROWS: Record<string, Shown> = {
  'set up in five minutes, checked again by `doctor`': {
    slack: ['setup asks for two tokens, checks and keeps them, and its code makes an owner; doctor repeats the checks'],
    discord: [
      'setup asks for the token, checks it, registers the commands, keeps it for its owner alone, and prints how to become one',
    ],
  },
  'every verb as `/bg`': {
    slack: ['a command arrives as what follows /bg, with who, where, and the message it was said in'],
    discord: ['every verb is a subcommand with an option for each of its flags, and there is a form and a menu entry'],
  },
  'the form for the long version': {
    slack: ['/bg alone opens a form, and what is filled in comes as a click from the place where it was asked'],
    discord: [
      'the long form is asked in two pages, may be sent after the first, and nothing of it is in memory between them',
    ],
  },
  'a mention, with what was said before in the thread': {
    slack: ['a mention in a thread brings what was said there before, by whom, and which groups they are in'],
    discord: ['a mention in a thread of people carries what was said there, and who said it, with their roles'],
  },
  'a direct message is a command': {
    slack: ['a direct message is the command, with /bg or without; words in a thread of ours there are a reply'],
    discord: ['in a direct message a task is a chain of answers, and answering it guides'],
  },
  'a task from a message': {
    slack: ['the shortcut on a message brings that message'],
    discord: ['the menu of a message starts the form about that message'],
  },
  'a task is a thread under its status card': {
    slack: [SLACK_JOURNEY],
    discord: [
      DISCORD_JOURNEY,
      'a thread is called after its task and where that stands, is archived a while after the end, and a post brings it back, and so does an edit',
    ],
  },
  'requests with buttons, choices and forms': {
    slack: ['a button that asks first opens its form; choices, own words and several at once come as they were meant'],
    discord: ['a question is asked with its choices and room for words of one’s own; words typed are the choice'],
  },
  'words in the thread guide, and are marked': both(
    'a person’s message is marked when we have it and when the agent has it, and never goes back',
  ),
  'somebody else’s click is refused, to them alone': { slack: [SLACK_JOURNEY], discord: [DISCORD_JOURNEY] },
  'long text shows its end, and is whole in a file': {
    slack: ['that is too long shows its beginning and its end'],
    discord: ['the conclusion of a long text is visible, and all of it is attached'],
  },
  'what agents write calls nobody and looks like nothing of ours': {
    slack: ['calls nobody but whom it is to call, and shows no link but ours'],
    discord: ['whatever is said, nothing in it does anything', 'nobody is called whom the card does not call'],
  },
  'a line in the channel when it finished': { slack: [SLACK_JOURNEY], discord: [DISCORD_JOURNEY] },
  'what needs you': {
    slack: ['the home shows what needs somebody, with buttons, and is drawn anew after a click with what came of it'],
    discord: ['text, code, files and cards are told to their person alone'],
  },
  'delivered again, it does nothing': both(
    'what is delivered twice carries one key, and a person’s words stand there once',
  ),
  'nothing is sent too fast': {
    slack: ['7: one channel that has to wait holds up no other, nor any other call'],
    discord: [
      'where too much is posted only that channel waits, an edit that would wait is put off, and Discord refuses nothing',
    ],
  },
  'said while we were away, it is read on return': {
    slack: [
      'kill -9 of up between a card and a click, with Slack down for a while: nothing is lost, doubled or asked again',
    ],
    discord: ['words that were said while the gateway was away for a while are read on return, once'],
  },
  'an outage is said, and the other chats go on': both(BOTH),
}

const readme = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8')
const section = readme.split('## Slack and Discord')[1]?.split('\n## ')[0] ?? ''
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const sources = fs
  .readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== path.basename(import.meta.filename))
  .map((file) => ({ file, text: fs.readFileSync(path.join(ROOT, 'test', file), 'utf8') }))

/** Files with a test of this title that is about the chat: its own, or one that every chat runs. */
const shownIn = (title: string, chat: string): string[] =>
  sources
    .filter(({ text }) => text.includes(`'${title}'`))
    .map(({ file }) => file)
    .filter((file) => file.includes(chat) || file === 'contract/chat.ts' || file.includes('three-chats'))

test('every row of the table is one that is shown, and says something of both', () => {
  expect(rows.map(([, row]) => row)).toEqual(Object.keys(ROWS))
  expect(rows.filter(([, , slack, discord]) => !slack || !discord)).toEqual([])
})

test.each(Object.entries(ROWS))('what the table says about “%s” is shown for both', (_row, { slack, discord }) => {
  expect(slack.filter((title) => shownIn(title, 'slack').length === 0)).toEqual([])
  expect(discord.filter((title) => shownIn(title, 'discord').length === 0)).toEqual([])
})

test('both run what every chat keeps to', () => {
  for (const chat of ['slack', 'discord'])
    expect(fs.readFileSync(path.join(ROOT, `test/contract/${chat}.test.ts`), 'utf8')).toContain('chatContract(')
})
