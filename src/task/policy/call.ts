// What is judged: a call of a tool, made ready at the door (`adapters/shell-parser`). A command arrives as its parts, a path
// resolved, an address as its host. Here nothing is parsed and nothing is looked up any more.

/** A text the program only knows when it runs: `$X`, `$(…)`, `*`. `never`: characters that cannot come out of it. */
export type Computed = { computed: string; never: string }

/** A word after its quotes are understood: text, and between it what is computed. */
export type Word = (string | Computed)[]

/** `safe`: known to change nothing about what runs, such as NODE_ENV=test. The word is all of it, name included. */
export type Assignment = { word: Word; safe: boolean }

/** A file as named, its absolute path with `..` taken out, and the same with every symlink followed. */
export type FilePath = { given: string; lexical: string; real: string }

/** One program with its words. `source` is what a person reads. */
export type Command = {
  kind: 'command'
  source: string
  assignments: Assignment[]
  words: Word[]
  /** Its words without the options before its verb: `git -C .. push` is `git push` for deny and ask. */
  plain?: Word[]
  /** What its words name, where they look like paths: what the house keeps to itself is denied to commands, too. */
  files: FilePath[]
  /**
   * How many words a rule that allows must spell out before its first `*`: none for most programs; up to the name of the inner
   * program for one that runs its arguments; null where nobody can tell what runs, so that only an exact rule may.
   */
  spelled: number | null
  /** What it runs in its turn: deny and ask look behind. */
  runs: Part[]
  /** It does nothing but run those, so it is allowed where all of them are: `timeout 5 …`, `bash -c '…'`. */
  transparent: boolean
}

/** An output redirection: the file may be any of these; `certain`: it is one of them. */
export type Write = { kind: 'write'; source: string; paths: FilePath[]; certain: boolean }

/** What could not be understood: never allowed by a rule about parts. */
export type Unreadable = { kind: 'unreadable'; source: string; why: string }

export type Part = Command | Write | Unreadable

export type Call =
  | { kind: 'command'; tool: string; source: string; parts: Part[] }
  | { kind: 'path'; tool: string; source: string; path: FilePath }
  /** The host is null where the address has none. */
  | { kind: 'address'; tool: string; source: string; host: string | null }
  | { kind: 'other'; tool: string; source: string }
