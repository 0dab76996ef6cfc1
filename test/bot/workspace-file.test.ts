import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openInWorkspace } from '../../src/bot/workspace-file.ts'
import type { Work } from '../../src/task/facts.ts'
import { home } from '../support/home.ts'

async function workspace(): Promise<{ folder: string; work: Work; read: (name: string) => Promise<string> }> {
  const folder = await home()
  const worktree = `${folder}/tree`
  fs.mkdirSync(`${worktree}/docs`, { recursive: true })
  const work: Work = { kind: 'worktree', repo: 'r', path: folder, worktree, branch: 'b', base: null }
  const read = async (name: string) => {
    const found = await openInWorkspace(work, name)
    return 'refused' in found ? found.refused : text(found.body)
  }
  return { folder, work, read }
}

test('a file of the workspace is read, also through a link that stays inside', async () => {
  const { folder, read } = await workspace()
  fs.writeFileSync(`${folder}/tree/docs/ü & plan.md`, '# plan\n')
  fs.symlinkSync('docs/ü & plan.md', `${folder}/tree/link.md`)
  expect(await read('docs/ü & plan.md')).toBe('# plan\n')
  expect(await read('link.md')).toBe('# plan\n')
})

test('nothing outside the workspace can be read through it, and nothing that is no file', async () => {
  const { folder, read } = await workspace()
  const tree = `${folder}/tree`
  fs.writeFileSync(`${folder}/secret.md`, 'secret')
  fs.writeFileSync(`${tree}/.git`, 'gitdir: elsewhere')
  fs.mkdirSync(`${folder}/treehouse`)
  fs.writeFileSync(`${folder}/treehouse/x.md`, 'secret')
  fs.symlinkSync(`${folder}/secret.md`, `${tree}/link.md`)
  fs.symlinkSync(folder, `${tree}/up`)
  fs.symlinkSync('loop', `${tree}/loop`)
  execFileSync('mkfifo', [`${tree}/pipe`])
  const names = ['../secret.md', 'link.md', 'up/secret.md', '../treehouse/x.md', `${folder}/secret.md`, '/etc/passwd']
  for (const name of [...names, '.git', 'docs', '', '.', 'pipe', 'loop', 'none.md', 'a\0b'])
    expect(await read(name)).toBe(`There is no file ${name} in the workspace.`)
})

test('of a checkout that is used as it is, and of a workspace that is gone, nothing can be read', async () => {
  const { folder, work, read } = await workspace()
  fs.writeFileSync(`${folder}/x.md`, 'x')
  expect(await openInWorkspace({ kind: 'here', repo: null, path: folder }, 'x.md')).toHaveProperty('refused')
  fs.rmSync(`${folder}/tree`, { recursive: true })
  expect(await read('x.md')).toBe('There is no file x.md in the workspace.')
  expect(work.kind).toBe('worktree')
})
