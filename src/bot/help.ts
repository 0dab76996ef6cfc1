// What each verb is for, as data: the help text and the completion of the page are made from it.

export type Takes = 'agent' | 'repo' | 'task' | 'words' | 'nothing'
export type FlagHelp = { word: string; says: string; takes: Takes }
export type VerbHelp = { word: string; says: string; takes: Takes; flags: FlagHelp[] }

const REPO: FlagHelp = { word: '--repo', says: 'in which repository', takes: 'repo' }
const WORKTREE: FlagHelp = { word: '--worktree', says: 'in a worktree of its own', takes: 'nothing' }
const SHARED: FlagHelp[] = [
  REPO,
  { word: '--label', says: 'what to call it', takes: 'words' },
  { word: '--timeout', says: 'stop it after, such as 10m', takes: 'words' },
  { word: '--base', says: 'branch or commit to begin from', takes: 'words' },
  { word: '--notify', says: 'whom it calls: on-block, on-complete, always, off', takes: 'words' },
]

export const VERB_HELP: VerbHelp[] = [
  {
    word: 'start',
    says: 'give a job to an agent, in a worktree of its own',
    takes: 'words',
    flags: [
      { word: '--agent', says: 'which agent', takes: 'agent' },
      ...SHARED,
      { word: '--model', says: 'which model', takes: 'words' },
      { word: '--mode', says: 'how it asks: default, plan, acceptEdits', takes: 'words' },
      { word: '--add-dir', says: 'directories besides its own, with commas', takes: 'words' },
      { word: '--env', says: 'NAME=value for this task alone, with commas', takes: 'words' },
      { word: '--check', says: 'command that checks it when it is done', takes: 'words' },
      { word: '--here', says: 'in the checkout itself', takes: 'nothing' },
    ],
  },
  { word: 'run', says: 'run a command in the background', takes: 'words', flags: [...SHARED, WORKTREE] },
  { word: 'mine', says: 'what needs you, and your tasks', takes: 'nothing', flags: [] },
  { word: 'tasks', says: 'what there is', takes: 'nothing', flags: [] },
  { word: 'show', says: 'where a task stands', takes: 'task', flags: [] },
  {
    word: 'logs',
    says: 'what it printed',
    takes: 'task',
    flags: [
      { word: '--tail', says: 'only the last lines', takes: 'words' },
      { word: '--grep', says: 'only lines with this text', takes: 'words' },
    ],
  },
  {
    word: 'diff',
    says: 'what it changed',
    takes: 'task',
    flags: [{ word: '--stat', says: 'only numbers', takes: 'nothing' }],
  },
  { word: 'answer', says: 'answer what it asks: an option, or words', takes: 'task', flags: [] },
  { word: 'guide', says: 'say something to it; after its end, continue it', takes: 'task', flags: [] },
  { word: 'interrupt', says: 'break off what it does, and go on with what was said', takes: 'task', flags: [] },
  { word: 'stop', says: 'end it and everything it started', takes: 'task', flags: [] },
  { word: 'commit', says: 'commit its work, with a message of yours or its own', takes: 'task', flags: [] },
  { word: 'discard', says: 'put its work away for 30 days', takes: 'task', flags: [] },
  { word: 'restore', says: 'bring back what was discarded', takes: 'task', flags: [] },
  {
    word: 'notify',
    says: 'whom your tasks call: on-block, on-complete, always, off',
    takes: 'words',
    flags: [],
  },
  { word: 'pair', says: 'become an owner, with the code that `backchannel pair` prints', takes: 'words', flags: [] },
  { word: 'rules', says: 'what was allowed always; “revoke ID” takes it back', takes: 'words', flags: [] },
  { word: 'help', says: 'this list', takes: 'nothing', flags: [] },
]

const OPERANDS: Record<Takes, string> = { agent: ' AGENT', repo: ' REPO', task: ' TASK', words: ' …', nothing: '' }

export function helpText(): { text: string; code: string } {
  const lines = VERB_HELP.map(({ word, says, takes, flags }) => {
    const usage = `${word}${OPERANDS[takes]}`.padEnd(14)
    return `${usage}${says}${flags.length > 0 ? ` [${flags.map((flag) => flag.word).join(' ')}]` : ''}`
  })
  return {
    text: 'The work goes on by itself; here it asks and reports. Words in a task’s thread guide it, and continue it after its end.',
    code: [...lines, '', 'A TASK is its id, its label, or the beginning of either. Flags come before the text.'].join(
      '\n',
    ),
  }
}
