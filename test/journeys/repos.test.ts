// Where tasks work: the directory one is in, or a worktree of one's own repository, which itself stays as it was.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { TaskDetail } from '../../src/bot/views.ts'
import { home } from '../support/home.ts'
import { house, type House } from './house.ts'
import { git, repository } from './repository.ts'

const LONG = 90_000

async function started(here: House, args: string[], cwd: string): Promise<TaskDetail> {
  const { code, out, err } = await here.cli([args[0] ?? '', '--json', ...args.slice(1)], { cwd })
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as TaskDetail
}

test(
  'a command runs where one is, an agent in a worktree of the repository one is in, and the checkout stays as it was',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    const { folder: repo, state } = await repository('Mein Projekt – 日本 & mehr')
    const before = state()
    const inside = path.join(repo, 'src')
    const ran = await started(here, ['run', 'pwd; git status --short | wc -l'], inside)
    expect((await page.until(ran.id, (task) => task.outcome)).outcome).toMatchObject({
      kind: 'completed',
      ending: { output: `${inside}\n3` },
    })

    const script = 'edit src/notes.md Written here\nrun git rev-parse --abbrev-ref HEAD; git status --short\ndone well'
    const agent = await started(here, ['start', '--agent', 'demo', '--label', 'notes', script], inside)
    const own = await page.until(agent.id, (task) => task.outcome)
    expect(own).toMatchObject({
      outcome: { kind: 'completed' },
      branch: 'bg/notes',
      workspace: expect.stringContaining(here.home),
    })
    expect((await here.cli(['logs', 'notes'])).out).toContain('bg/notes\n?? src/notes.md\n')
    expect(await here.cli(['diff', 'notes'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\+1 −0 src\/notes\.md\n/),
    })
    const tree = await started(here, ['run', '--worktree', '--label', 'tree', 'cat a.txt; touch made'], inside)
    expect((await page.until(tree.id, (task) => task.outcome)).outcome).toMatchObject({ ending: { output: 'one' } })
    expect(state()).toEqual(before)

    // What exists nowhere else is still there after the end, a restart, and the next turn.
    expect(await here.cli(['guide', 'notes', `edit src/more.md More\nrun git stash list\ndone again`])).toMatchObject({
      code: 0,
    })
    await page.until(agent.id, (task) => task.turns === 2 && task.outcome)
    expect(fs.readdirSync(path.join(own.workspace, 'src'))).toEqual(['b.txt', 'more.md', 'notes.md'])
    expect(
      git(repo, 'branch', '--list', 'bg/*')
        .trim()
        .split(/\s*[+*]?\s+/),
    ).toEqual(expect.arrayContaining(['bg/notes', 'bg/tree']))
    expect(state()).toEqual(before)
  },
)

test(
  'what is no repository, has no commit, no such base, or is gone is a clear sentence, and the checkout can still be used',
  { timeout: LONG },
  async () => {
    const here = await house()
    const plain = await home()
    const empty = path.join(await home(), 'empty')
    fs.mkdirSync(empty)
    git(empty, 'init', '--quiet')
    const { folder: repo } = await repository()
    const gone = path.join(plain, 'gone')
    fs.mkdirSync(gone)
    const late = await started(here, ['run', 'true'], gone)
    fs.rmdirSync(gone)
    const { page } = await here.up()
    expect((await page.until(late.id, (task) => task.outcome)).outcome).toMatchObject({
      kind: 'failed',
      reason: `There is no directory ${gone}.`,
    })

    const fails = async (args: string[], cwd: string, reason: RegExp) => {
      const { id } = await started(here, args, cwd)
      expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(reason),
      })
    }
    const agent = (...more: string[]) => ['start', '--agent', 'demo', ...more, 'done well']
    await fails(agent('--repo', plain), repo, /is not a git repository\.$/)
    await fails(['run', '--worktree', 'true'], plain, /is not a git repository\.$/)
    await fails(agent(), empty, /has no commit yet, so there is nothing to begin from\.$/)
    await fails(agent('--base', 'nowhere'), repo, /has no branch or commit called nowhere\.$/)
    await fails(agent('--base=--upload-pack=x'), repo, /has no branch or commit called --upload-pack=x\.$/)
    const { code, err } = await here.cli(['start', '--agent', 'demo', '--repo', path.join(plain, 'never'), 'x'], {
      cwd: repo,
    })
    expect([code, err]).toEqual([1, `${plain}/never does not exist.\n`])

    // Outside of any repository it works in the sample.
    const sample = await started(here, agent(), plain)
    expect(await page.until(sample.id, (task) => task.outcome)).toMatchObject({
      repo: 'sample',
      outcome: { kind: 'completed' },
    })
    const other = await started(here, agent('--base', 'main', '--label', 'based'), repo)
    expect(await page.until(other.id, (task) => task.outcome)).toMatchObject({
      branch: 'bg/based',
      outcome: { kind: 'completed' },
    })
  },
)

test(
  'a repository is known by the name it was added under, and one in config.yaml that is gone is said when it is used',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'repos:\n  lost: /no/such/place\n' })
    const { folder: repo } = await repository()
    const { page } = await here.up()
    expect(await page.say('/bg start --agent demo done well')).toEqual({
      kind: 'refused',
      text: '/no/such/place does not exist.',
    })
    expect(await here.cli(['repo', 'add', repo])).toMatchObject({ code: 0, out: `api is ${repo}.\n` })
    expect(await here.cli(['repo', 'add', path.dirname(repo)])).toMatchObject({ code: 1 })
    const { id } = await page.start('/bg start --agent demo --repo api done well')
    expect(await page.until(id, (task) => task.outcome)).toMatchObject({ repo: 'api', outcome: { kind: 'completed' } })
    expect(await page.say('/bg start --agent demo --repo apl done well')).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('Did you mean “api”?'),
    })
  },
)
