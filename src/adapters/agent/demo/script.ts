// The language of scripts: one thing to do per line, its first word says what. Small enough to be written by hand in a chat.

export type Question = { text: string; choices: string[] }

export type Step =
  | { do: 'say'; text: string }
  | { do: 'work'; ms: number; text: string }
  | { do: 'step'; text: string }
  | { do: 'permission'; command: string }
  | { do: 'question'; questions: [Question, ...Question[]]; multi: boolean }
  | { do: 'plan'; points: string[] }
  | { do: 'edit'; file: string; text: string }
  | { do: 'run'; command: string }
  | { do: 'background'; ms: number }
  | { do: 'wait' }
  | { do: 'crash' }
  | { do: 'exit' }
  | { do: 'fail'; reason: string }
  | { do: 'done'; summary: string }

/** `parse` gives null for what it cannot read; `example` is what it could. */
type Word = { example: string; parse: (rest: string) => Step | null }

const withText = (make: (text: string) => Step) => (rest: string) => (rest === '' ? null : make(rest))

const WORDS: Record<string, Word> = {
  say: { example: 'say Hello', parse: withText((text) => ({ do: 'say', text })) },
  work: { example: 'work 2s Reading the code', parse: parseWork },
  step: { example: 'step Read the code', parse: withText((text) => ({ do: 'step', text })) },
  permission: {
    example: 'permission npm install left-pad',
    parse: withText((command) => ({ do: 'permission', command })),
  },
  question: { example: 'question Which database? SQLite | PostgreSQL', parse: (rest) => parseQuestions(rest, false) },
  choose: { example: 'choose Which extras? Docs | CI | Tests', parse: (rest) => parseQuestions(rest, true) },
  plan: {
    example: 'plan Read the code; Change it; Run the tests',
    parse: withText((text) => ({ do: 'plan', points: split(text, ';') })),
  },
  edit: { example: 'edit notes.md What I found', parse: parseEdit },
  run: { example: 'run npm test', parse: withText((command) => ({ do: 'run', command })) },
  background: { example: 'background 5s', parse: parseBackground },
  wait: { example: 'wait guidance', parse: (rest) => (rest === 'guidance' ? { do: 'wait' } : null) },
  crash: { example: 'crash', parse: (rest) => (rest === '' ? { do: 'crash' } : null) },
  exit: { example: 'exit', parse: (rest) => (rest === '' ? { do: 'exit' } : null) },
  fail: { example: 'fail The tests do not pass', parse: withText((reason) => ({ do: 'fail', reason })) },
  done: { example: 'done The limiter is per user now', parse: withText((summary) => ({ do: 'done', summary })) },
}

/** The steps, or what is wrong with a line, or null for words that are no script. Half of a script's lines must begin well. */
export function parseScript(prompt: string): Step[] | { wrong: string } | null {
  const lines = prompt.split('\n').map((line) => line.trim())
  const written = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const known = written.filter((line) => Object.hasOwn(WORDS, firstWord(line)))
  if (written.length === 0 || known.length * 2 < written.length) return null
  const steps: Step[] = []
  for (const [index, line] of lines.entries()) {
    if (!written.includes(line)) continue
    const step = parseLine(line)
    if ('wrong' in step) return { wrong: `Line ${index + 1}, “${line}”: ${step.wrong}` }
    steps.push(step)
  }
  return steps
}

function parseLine(line: string): Step | { wrong: string } {
  const name = firstWord(line)
  const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
  if (!word) return { wrong: `there is no word “${name}”. Did you mean “${nearest(name)}”?` }
  return word.parse(line.slice(name.length).trim()) ?? { wrong: `it should look like “${word.example}”.` }
}

const firstWord = (line: string): string => line.split(/\s/, 1)[0] ?? ''

const split = (text: string, by: string): string[] =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean)

function parseWork(rest: string): Step | null {
  const [, duration = '', text = ''] = /^(\S+)(?:\s+(.*))?$/.exec(rest) ?? []
  const ms = parseDuration(duration)
  return ms === null ? null : { do: 'work', ms, text: text || 'Working' }
}

function parseBackground(rest: string): Step | null {
  const ms = parseDuration(rest)
  return ms === null ? null : { do: 'background', ms }
}

function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
  return amount === undefined ? null : Number(amount) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

/** `Which? One | Two`, several of them parted by semicolons. A question without choices is answered in words. */
function parseQuestions(rest: string, multi: boolean): Step | null {
  const [first, ...more] = split(rest, ';').map((part): Question => {
    const end = part.indexOf('?') + 1
    return end === 0 ? { text: part, choices: [] } : { text: part.slice(0, end), choices: split(part.slice(end), '|') }
  })
  if (!first || (multi && [first, ...more].some(({ choices }) => choices.length === 0))) return null
  return { do: 'question', questions: [first, ...more], multi }
}

function parseEdit(rest: string): Step | null {
  const [, file, text] = /^(\S+)\s+(.+)$/.exec(rest) ?? []
  return file && text ? { do: 'edit', file, text } : null
}

const nearest = (word: string): string =>
  Object.keys(WORDS).reduce((best, one) => (distance(word, one) < distance(word, best) ? one : best))

/** How many letters have to be added, removed or changed to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
