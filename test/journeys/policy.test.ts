// The policy at the command line, as its author meets it.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { kill9 } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { home as temporary } from '../support/home.ts'
import { house, SLOW } from './house.ts'
import { owner, running } from './sessions.ts'

const CONFIG = `permissions:
  deny:
    - Bash(rm *)
    - Read(./.env)
  ask: [Bash(git push *)]
  allow:
    - Bash(npm run test *)
    - Edit(/src/**)
    - WebFetch(domain:example.com)
    - mcp__gh__get_*
repos:
  api:
    path: repo
    permissions:
      deny: [Bash(npm run test secret)]
      allow:
`

type Explained = {
  decision: string
  rule: string | null
  at: string | null
  parts: { text: string; decision: string }[]
}

async function rulesIn(config: string) {
  const here = await house({ folder: path.join(await temporary(), 'home-that-is-not') })
  fs.rmdirSync(here.home)
  const top = await temporary()
  const repo = path.join(top, 'repo')
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true })
  fs.mkdirSync(path.join(repo, 'sub'))
  fs.writeFileSync(path.join(top, 'rules.yaml'), config)
  const policy = (...words: string[]) =>
    here.cli(['policy', ...words, '--config', path.join(top, 'rules.yaml')], { cwd: path.join(repo, 'sub') })
  const explain = async (call: string) => JSON.parse((await policy('explain', '--json', call)).out) as Explained
  return { here, top, repo, policy, explain }
}

test(
  'explain says what the rules of a file say about a call, which rule it is and about which part, and touches no home',
  { timeout: 60_000 },
  async () => {
    const { here, top, explain, policy } = await rulesIn(CONFIG)
    expect(await explain('Bash(npm run test && rm -rf x)')).toEqual({
      decision: 'deny',
      rule: 'Bash(rm *)',
      at: `${path.join(top, 'rules.yaml')}:3`,
      opinion: true,
      parts: [
        expect.objectContaining({ text: 'npm run test', decision: 'allow', rule: 'Bash(npm run test *)' }),
        expect.objectContaining({ text: 'rm -rf x', decision: 'deny', rule: 'Bash(rm *)' }),
      ],
    })
    expect(await explain('Bash(make)')).toMatchObject({ decision: 'ask', rule: null, opinion: false })
    expect(await explain('Bash(echo "a)')).toMatchObject({ decision: 'ask', rule: null, opinion: true })
    expect(await explain('Bash(npm run test secret)')).toMatchObject({
      decision: 'deny',
      rule: 'Bash(npm run test secret)',
    })
    expect(await explain('Read(.env)')).toMatchObject({ decision: 'deny', rule: 'Read(./.env)' })
    expect(await explain('Edit(../src/a.ts)')).toMatchObject({ decision: 'allow', rule: 'Edit(/src/**)' })
    expect(await explain('WebFetch(https://example.com/a(b))')).toMatchObject({ decision: 'allow' })
    expect(await explain('mcp__gh__get_issue()')).toMatchObject({ decision: 'allow', rule: 'mcp__gh__get_*' })
    expect(await explain(`Read(${path.join(here.home, 'backchannel.db')})`)).toMatchObject({
      decision: 'deny',
      rule: `everything in ${here.home}`,
      at: 'built in',
    })
    expect(await explain(`Edit(${path.join(here.home, 'worktrees/x/a')})`)).toMatchObject({
      decision: 'ask',
      rule: null,
    })
    const words = await policy('explain', 'Bash(git push -f)')
    expect(words).toEqual({ code: 0, err: '', out: expect.stringContaining('ask: Bash(git push *) (ask in') })
    expect(fs.existsSync(here.home)).toBe(false)
  },
)

test('explain says what a rule wants besides one yes', { timeout: 60_000 }, async () => {
  const { explain, policy } = await rulesIn(`people:
  releasers: { who: ["web:eve"], answer: others }
permissions:
  ask:
    - Bash(git *)
    - { rule: Bash(git push *), approvers: 2, from: [releasers], hours: "09:00-17:00", tz: UTC }
`)
  const hours = { from: 540, to: 1020, zone: 'UTC' }
  expect(await explain('Bash(git push)')).toMatchObject({
    decision: 'ask',
    rule: 'Bash(git push *)',
    requires: [{ rule: 'Bash(git push *)', approvers: 2, from: ['releasers'], hours }],
  })
  expect(await explain('Bash(git pull)')).not.toHaveProperty('requires')
  expect((await policy('explain', 'Bash(git push)')).out).toContain(
    'Bash(git push *): 0 of 2, waiting for: releasers, not who asked for it, 09:00 to 17:00 (UTC)',
  )
})

test('a bad rule stops the start with file, line, key and what is wrong', { timeout: 60_000 }, async () => {
  const bad: [config: string, sentence: RegExp][] = [
    [
      'slots: 1\npermissions:\n  allow:\n    - Bash(ls)\n    - mcp__*\n',
      /config\.yaml:5: “permissions\.allow”: “mcp__\*” is too wide to allow/u,
    ],
    ['permissions:\n  deny: [Bash(]\n', /config\.yaml:2: “permissions\.deny”: “Bash\(” is no rule; write Tool/u],
    [
      'permissions:\n  deny:\n    - a: b\n',
      /config\.yaml:3: “permissions\.deny\.0” must be text \(put it in quotes\)/u,
    ],
    [
      'permissions:\n  denny: []\n',
      /config\.yaml:2: “permissions\.denny” is not a key here; possible: deny, ask, allow\./u,
    ],
    [
      'repos:\n  a:\n    path: b\n    permissions:\n      ask:\n        - WebFetch(x)\n',
      /config\.yaml:6: “repos\.a\.permissions\.ask”: “WebFetch\(x\)” must name a host/u,
    ],
    ['repos:\n  a: 5\n', /config\.yaml:2: “repos\.a” must be a path, or a mapping with path, base/u],
  ]
  for (const [config, sentence] of bad) {
    const here = await house({ config })
    expect(await here.cli(['tasks'])).toEqual({ code: 1, out: '', err: expect.stringMatching(sentence) })
  }
})

test(
  'lint finds rules that are shadowed, dead, too broad or misspelt, and says nothing of good ones',
  { timeout: 60_000 },
  async () => {
    const { policy } = await rulesIn(
      'permissions:\n  deny: [Bash(rm *)]\n  allow: [Bash(rm -rf x), Bash(npx *), Bash(npx a *), Bash, Bsh(ls), Read(/etc/x), Bash(a > b)]\n',
    )
    const { code, out } = await policy('lint', '--json')
    expect(code).toBe(1)
    expect((JSON.parse(out) as { rule: string; kind: string }[]).map(({ rule, kind }) => `${rule}: ${kind}`)).toEqual([
      'Bash(rm -rf x): shadowed',
      'Bash(npx *): dead',
      'Bash: too broad',
      'Bsh(ls): misspelt',
      'Read(/etc/x): misspelt',
      'Bash(a > b): dead',
    ])
    const good = await rulesIn(CONFIG)
    expect(await good.policy('lint')).toEqual({ code: 0, err: '', out: 'Nothing is odd about the rules.\n' })
  },
)

test('wrong words are one sentence and exit code 2', { timeout: 60_000 }, async () => {
  const { here, policy } = await rulesIn(CONFIG)
  for (const words of [[], ['explain'], ['explane', 'Bash(ls)'], ['lint', 'x'], ['explain', 'git push']])
    expect(await policy(...words)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^backchannel: .+\n$/u),
    })
  expect(await here.cli(['policy', 'explain', '--config', '/no/such', 'Bash(ls)'])).toMatchObject({
    code: 1,
    err: 'backchannel: /no/such does not exist.\n',
  })
})

test(
  'a command from chat passes the rules: denied it ends at once, asked about it waits for a click, from the command line it runs',
  { timeout: 120_000 },
  async () => {
    const here = await house({ config: 'permissions:\n  deny: ["Bash(rm *)"]\n  ask: ["Bash(touch *)"]\n' })
    const { page } = await here.up()
    const place = await temporary()
    const file = (name: string) => path.join(place, name)

    const denied = await page.start(`/bg run touch ${file('a')} && rm ${file('a')}`)
    const end = await page.until(denied.id, (task) => task.outcome)
    expect(end.outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('the rule “Bash(rm *)” of') })
    expect(fs.existsSync(file('a'))).toBe(false)

    const asked = await page.start(`/bg run touch ${file('b')}`)
    const allow = await page.button(asked.id, 'Allow once')
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })
    expect(await page.click(allow.id)).toMatchObject({ kind: 'refused' })
    expect((await page.until(asked.id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'completed' })
    expect(fs.existsSync(file('b'))).toBe(true)

    const kept = await page.start(`/bg run echo > ${path.join(here.home, 'config.yaml')}`)
    expect((await page.until(kept.id, (task) => task.outcome)).outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining(`everything in ${here.home}`),
    })

    expect(await here.cli(['run', '--follow', 'touch', file('c')], { cwd: place })).toMatchObject({ code: 0 })
    expect(fs.existsSync(file('c'))).toBe(true)
  },
)

test(
  'a command that waits for a click survives a restart of up; killed with its session it has failed and never runs',
  { timeout: 120_000 },
  async () => {
    const here = await house({ config: 'permissions:\n  ask: ["Bash(touch *)"]\n' })
    const first = await here.up()
    const place = await temporary()
    const one = await first.page.start(`/bg run --label one touch ${path.join(place, 'one')}`)
    const two = await first.page.start(`/bg run --label two touch ${path.join(place, 'two')}`)
    const allow = await first.page.button(one.id, 'Allow once')
    const gone = await first.page.button(two.id, 'Allow once')
    await first.kill9()
    kill9((await owner(here.home, two.id)).pid)
    const { page } = await here.up()
    const lost = await page.until(two.id, (task) => task.outcome)
    expect(lost.outcome).toMatchObject({ kind: 'failed' })
    expect(await page.click(gone.id)).toMatchObject({ kind: 'refused' })
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })
    expect((await page.until(one.id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'completed' })
    await until(() => running(here.home).length === 0, SLOW)
    expect(fs.readdirSync(place)).toEqual(['one'])
  },
)
