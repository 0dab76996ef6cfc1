// Another process at the same database, for tests: appends and says what was acknowledged, one line each, or holds the lock.
import fs from 'node:fs'
import { connect } from '../../src/adapters/store/sqlite.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import { isRefused } from '../../src/task/words.ts'
import { record } from '../../src/runner/journal.ts'
import { ann, EVERY_FACT } from './every-fact.ts'

const [verb = '', file = '', ...rest] = process.argv.slice(2)

/** Written at once: a line that was read was acknowledged, even if the process is killed right after. */
const say = (line: string): void => void fs.writeSync(1, `${line}\n`)

if (verb === 'append') await append(rest)
if (verb === 'open') await open(rest)
if (verb === 'hold') await hold(Number(rest[0]))

/** Appends `count` facts to each task in turn, under the keys `<keys>-<task>-<n>`. */
async function append([tasks = '', count = '', keys = '']: string[]): Promise<void> {
  const store = await openStore(file)
  for (let n = 1; n <= Number(count); n += 1) {
    for (const task of tasks.split(',')) {
      const delivery = `${keys}-${task}-${n}`
      const done = await record(
        store.journal,
        task,
        (now) => (now ? [{ ...EVERY_FACT.guided, guidance: delivery, text: `${process.pid}` }] : [EVERY_FACT.created]),
        { by: ann, now: Date.now, delivery },
      )
      if (done === 'repeated') say(`repeated ${delivery}`)
      else if (!isRefused(done)) say(`appended ${delivery} ${task} ${done.task.version}`)
    }
  }
  await store.close()
}

/** Begins when the file `go` is there, so that several processes do it at the same moment. */
async function open([go = '']: string[]): Promise<void> {
  say('ready')
  while (!fs.existsSync(go)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  await (await openStore(file)).close()
}

async function hold(milliseconds: number): Promise<void> {
  const connection = connect(file)
  connection.script('BEGIN IMMEDIATE')
  say('held')
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  connection.script('COMMIT')
  connection.close()
}
