// Prepared statements, kept. The adapter prepares every query anew, which was half of what a small query cost. It knows two
// calls only, `prepare(sql).bind(args)` and then run or read, so that is what stands in for the driver's own statement.

/** As far as the adapter uses it. */
type Statement = {
  readonly reader: boolean
  run(...args: unknown[]): unknown
  raw(): { all(...args: unknown[]): unknown[] }
  columns(): unknown[]
}
type Client = { prepare(sql: string): Statement }

/** Lists of ids of every length are statements of their own. */
const KEPT_MAX = 300
/** Only what reads and writes rows: a pragma may do its work while it is prepared. */
const KEEPABLE = /^\s*(select|insert|update|delete|with)\b/iu

export function keepStatements(client: Client): void {
  const prepare = client.prepare.bind(client)
  const kept = new Map<string, Statement>()

  function statementFor(sql: string): Statement {
    const known = kept.get(sql)
    if (known) return known
    const statement = prepare(sql)
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(sql, statement)
    return statement
  }

  client.prepare = (sql) => (KEEPABLE.test(sql) ? bindable(statementFor(sql)) : prepare(sql))
}

/** Binding a driver's statement is for good; here the arguments go along with each call instead. */
function bindable(statement: Statement): Statement & { bind(args: unknown[]): Statement } {
  return {
    reader: statement.reader,
    run: (...args) => statement.run(...args),
    raw: () => statement.raw(),
    columns: () => statement.columns(),
    bind: (args) => ({
      reader: statement.reader,
      run: () => statement.run(args),
      raw: () => ({ all: () => statement.raw().all(args) }),
      columns: () => statement.columns(),
    }),
  }
}
