// What can go wrong with the database for reasons outside this program, as one sentence for whoever has to mend it.

/** The database cannot be used as it is; `sentence` says why and is shown as it is. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly sentence: string

  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.sentence = sentence
  }
}

const SENTENCES: [code: RegExp, sentence: (file: string) => string][] = [
  [/^(SQLITE_READONLY|SQLITE_PERM|EACCES|EPERM|EROFS)/, (file) => `The database ${file} is read-only for this user.`],
  [
    /^(SQLITE_CANTOPEN|ENOENT|ENOTDIR|EISDIR)/,
    (file) => `The database ${file} cannot be opened: its folder is missing, or this user may not write there.`,
  ],
  [/^SQLITE_NOTADB/, (file) => `The file ${file} is not a database.`],
  [/^SQLITE_CORRUPT/, (file) => `The database ${file} is damaged; put back a copy of it.`],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, (file) => `There is no space left on the disk for the database ${file}.`],
  [/^SQLITE_IOERR/, (file) => `The disk failed while the database ${file} was read or written.`],
  [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, (file) => `The database ${file} is held by another process that does not let go.`],
]

/** The error as a StoreError when its cause lies outside this program, else the error itself: a fault of ours. */
export function storeError(file: string, error: unknown): unknown {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  if (code === null) return error
  const sentence = SENTENCES.find(([pattern]) => pattern.test(code))?.[1](file)
  return sentence === undefined ? error : new StoreError(sentence, { cause: error })
}

export const isBusy = (error: unknown): boolean => codeOf(error)?.startsWith('SQLITE_BUSY') ?? false

/** SQLite's code, which Prisma's adapter puts elsewhere, or the system's own. */
function codeOf(error: unknown): string | null {
  const code = within(error, 'originalCode') ?? within(error, 'code')
  return code !== null && /^[A-Z]+(_[A-Z]+)*$/.test(code) ? code : null
}

/** The value of a key of the error or, innermost first, of what it wraps. */
function within(error: unknown, key: string): string | null {
  if (!isRecord(error)) return null
  const value = error[key]
  const inner = within(error['cause'], key) ?? within(error['meta'], key) ?? within(error['driverAdapterError'], key)
  return inner ?? (typeof value === 'string' ? value : null)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
