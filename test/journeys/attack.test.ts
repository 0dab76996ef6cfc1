// The first attacker is what a task runs: the same user, on the same machine. It tries what is for people, is refused and
// recorded, and what waits for a person goes on waiting.
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { TaskRow } from '../../src/bot/views.ts'
import { home as temporary } from '../support/home.ts'
import { until } from '../support/until.ts'
import { house, type House } from './house.ts'

const LONG = 120_000
const NODE = process.execPath
const MAIN = path.join(import.meta.dirname, '../../src/cli/main.ts')
const FOR_PEOPLE = /is for people: this process belongs to task \w+, and what a task runs may only look\.$/u

type Refusal = { door: string; verb: string; task: string; attempt: number; pid: number }

/** A house in which one command waits for a person, and what another task ran could do about it. */
async function attacked() {
  const here = await house({ config: 'permissions:\n  ask: ["Bash(touch *)"]\n' })
  const up = await here.up()
  const place = await temporary()
  const victim = await up.page.start(`/bg run --label victim touch ${path.join(place, 'harm')}`)
  const allow = await up.page.button(victim.id, 'Allow once')
  const answer = (await up.page.task(victim.id)).open[0]?.options[0]?.id ?? ''
  const file = path.join(place, 'attack.sh')
  return {
    here,
    up,
    victim: victim.id,
    allow,
    answer,
    /** Runs these lines as a task; resolves with its id and what it printed, line by line. */
    async runs(lines: string[]): Promise<{ id: string; printed: string[] }> {
      fs.writeFileSync(file, `b="${NODE} ${MAIN}"\nexport BACKCHANNEL_HOME=${here.home}\n${lines.join('\n')}\n`)
      const { code, out, err } = await here.cli(['run', '--json', 'bash', file], { cwd: place })
      if (code !== 0) throw new Error(`the attack itself broke: ${out}${err}`)
      const { id } = JSON.parse(out) as TaskRow
      await up.page.until(id, (task) => task.outcome)
      return { id, printed: (await here.cli(['logs', id])).out.trim().split('\n') }
    },
    /** Still open, nothing done, and a person can still answer it. */
    async unharmed(): Promise<void> {
      expect((await up.page.task(victim.id)).open).toHaveLength(1)
      expect(fs.readdirSync(place)).not.toContain('harm')
      expect(await up.page.click(allow.id)).toEqual({ kind: 'none' })
      await up.page.until(victim.id, (task) => task.outcome?.kind === 'completed')
    },
  }
}

function refusals({ home }: House): Refusal[] {
  const database = new DatabaseSync(path.join(home, 'backchannel.db'), { readOnly: true })
  const rows = database.prepare(`SELECT data FROM Fact WHERE task = 'house' AND type = 'refused_caller'`).all()
  database.close()
  return rows.map(({ data }) => JSON.parse(String(data)) as Refusal)
}

test(
  'a task cannot answer, start or stop at the command line, whatever it does to its environment, and is recorded; it may look',
  { timeout: LONG },
  async () => {
    const { here, victim, answer, runs, unharmed } = await attacked()
    const clean = `env -i HOME=/nowhere BACKCHANNEL_HOME=${here.home}`
    const { id, printed } = await runs([
      `$b answer ${victim} ${answer} 2>&1`,
      `${clean} $b answer ${victim} ${answer} 2>&1`,
      `setsid --wait ${clean} $b answer ${victim} ${answer} 2>&1`,
      `${clean} nohup bash -c "${clean} $b answer ${victim} ${answer} & wait" 2>&1`,
      `${clean} $b stop ${victim} 2>&1`,
      `${clean} $b run true 2>&1`,
      `${clean} $b login 2>&1`,
      `${clean} $b repo add . 2>&1`,
      `${clean} $b rules revoke r1 2>&1`,
      `${clean} $b tasks >/dev/null && ${clean} $b rules >/dev/null && echo it may look`,
    ])
    expect(printed).toEqual([...Array<unknown>(9).fill(expect.stringMatching(FOR_PEOPLE)), 'it may look'])
    expect(refusals(here).map(({ verb }) => verb)).toEqual([
      ...Array<string>(4).fill('answer'),
      'stop',
      'run',
      'login',
      'repo',
      'rules',
    ])
    for (const one of refusals(here)) expect(one).toMatchObject({ door: 'command line', task: id, attempt: 1 })
    expect(await here.tasks()).toHaveLength(2)
    await unharmed()
    const audit = async (...args: string[]) =>
      (await here.cli(['audit', '--json', ...args])).out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { type: string; by: string; task: string; data: object })
    expect(await audit('--type', 'refused_caller')).toHaveLength(9)
    expect(await audit('--task', id)).toHaveLength(1 + 9)
    const votes = await audit('--task', victim, '--type', 'voted')
    expect(votes).toEqual([
      expect.objectContaining({
        by: 'web:owner',
        task: victim,
        data: expect.objectContaining({ option: answer, inputHash: expect.stringMatching(/^[\da-f]+$/u) }),
      }),
    ])
    expect((await audit('--by', 'web:owner')).map(({ type }) => type)).toEqual(['created', 'voted', 'settled'])
    expect(await audit('--since', '2100-01-01')).toEqual([])
    expect(await here.cli(['audit', '--since', 'soon'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--since'),
    })
    const words = await here.cli(['audit', '--type', 'created', '--task', 'victim'])
    expect(words.out).toMatch(/\(web:owner\) {2}\w+ {2}created {2}\{/u)
  },
)

/** Says it again and again and tears the connection down at once, so that the kernel forgets it before it is looked up. */
const SEND_AND_RESET = `
import { connect } from 'node:net'
const [port, said] = process.argv.slice(2)
for (let n = 0; n < 30; n++)
  await new Promise((resolve) => {
    const client = connect(Number(port), '127.0.0.1', () => client.write(said, () => client.resetAndDestroy()))
    client.on('error', () => {})
    client.on('close', resolve)
  })
console.log('sent and reset')
`

test(
  'a task that stole the cookie of the page gets nothing from it, however it holds the connection, and is recorded',
  { timeout: LONG },
  async () => {
    const { here, up, allow, runs, unharmed } = await attacked()
    const { cookie, url } = up.page
    const body = JSON.stringify({ key: 'stolen-12345678', channel: 'general', id: allow.id, values: {} })
    const curl = `curl -s -H 'Cookie: ${cookie}' -H 'Origin: ${url.origin}' -H 'Content-Type: application/json'`
    const click = `-d '${body}' ${url.origin}/api/chat/clicks`
    const raw = `POST /api/chat/clicks HTTP/1.1\\r\\nHost: ${url.host}\\r\\nCookie: ${cookie}\\r\\nOrigin: ${url.origin}\\r\\nContent-Type: application/json\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n${body.replaceAll('"', '\\"')}`
    const script = path.join(await temporary(), 'attack.mjs')
    fs.writeFileSync(script, SEND_AND_RESET)
    const { id, printed } = await runs([
      `${curl} ${click}; echo`,
      `env -i /usr/bin/${curl} ${click}; echo`,
      `setsid --wait env -i /usr/bin/${curl} ${click}; echo`,
      `${curl} ${url.origin}/api/tasks; echo`,
      `exec 3<>/dev/tcp/127.0.0.1/${url.port}; printf "${raw}" >&3; exec 3>&-; echo sent and left`,
      `${NODE} ${script} ${url.port} "$(printf "${raw}")"`,
    ])
    const refused = JSON.stringify({ error: `This page is for people: the process that asks belongs to task ${id}.` })
    expect(printed).toEqual([refused, refused, refused, refused, 'sent and left', 'sent and reset'])
    await until(() => refusals(here).length >= 4)
    expect(refusals(here).slice(0, 4)).toEqual([
      ...Array<unknown>(3).fill(expect.objectContaining({ door: 'page', verb: 'POST /api/chat/clicks', task: id })),
      expect.objectContaining({ door: 'page', verb: 'GET /api/tasks', task: id }),
    ])
    await unharmed()
  },
)

/** Says an answer to the session of another task: as it is, as its own process, and as one of another pid. */
const AT_THE_SOCKET = `
import { openSync } from 'node:fs'
import { connect } from 'node:net'
const [socket, answer, other] = process.argv.slice(2)
for (const pid of [null, process.pid, Number(other)])
  await new Promise((resolve) => {
    const client = connect(socket)
    client.on('close', () => (console.log('cut off'), resolve()))
    client.on('error', () => {})
    client.once('data', (data) => {
      const { prove } = JSON.parse(String(data).split('\\n')[0])
      if (pid !== null) client.write(JSON.stringify({ proof: { pid, fd: openSync(prove, 'r') } }) + '\\n')
      client.write(JSON.stringify({ answer: JSON.parse(answer) }) + '\\n')
    })
  })
`

test(
  'a task that talks to the session of another one is cut off before it is heard, whoever it says it is',
  { timeout: LONG },
  async () => {
    const { here, up, victim, answer, runs, unharmed } = await attacked()
    const script = path.join(await temporary(), 'attack.mjs')
    fs.writeFileSync(script, AT_THE_SOCKET)
    const request = (await up.page.task(victim)).open[0]
    const said = {
      request: request?.id,
      kind: 'permission',
      ...(request?.tool && { tool: request.tool }),
      ...(request?.inputHash && { inputHash: request.inputHash }),
      option: answer,
      effect: 'allow',
      values: {},
      by: 'ann',
    }
    const { printed } = await runs([
      `${NODE} ${script} ${here.home}/s/${victim}-1.sock '${JSON.stringify(said)}' ${up.child.pid}`,
    ])
    expect(printed).toEqual(['cut off', 'cut off', 'cut off'])
    const events = fs.readFileSync(path.join(here.home, 'tasks', victim, '1', 'events.jsonl'), 'utf8')
    expect(events.match(/turned away who wanted to say something: [^"]+/gu)).toEqual([
      expect.stringContaining('it did not show who it is'),
      expect.stringMatching(/process \d+ belongs to task \w+/u),
      expect.stringContaining(`process ${up.child.pid} is not who it says it is`),
    ])
    await unharmed()
  },
)
