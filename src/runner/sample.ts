// A small repository of its own for a home that knows none, so that the first task never works on somebody's real code.

import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { isCode } from './session/claim.ts'

const run = promisify(execFile)

/** Its name, and that of its folder in the home. */
export const SAMPLE = 'sample'

const FILES: Record<string, string> = {
  'README.md': '# sample\n\nA small repository to try things in. Break it as you like.\n',
  'package.json': `${JSON.stringify({ name: SAMPLE, private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'sum.js': 'export const sum = (...numbers) => numbers.reduce((total, number) => total + number, 0)\n',
  'sum.test.js':
    "import assert from 'node:assert'\nimport { test } from 'node:test'\nimport { sum } from './sum.js'\n\ntest('sums what it is given', () => assert.equal(sum(1, 2, 3), 6))\ntest('of nothing is nothing', () => assert.equal(sum(), 0))\n",
}

/**
 * Makes it where it is not there yet; resolves with its path. It appears whole or not at all, whoever else makes it at this
 * moment. Without git it is a plain folder, good enough for commands, until a later start finds git.
 */
export async function sampleRepo(home: string): Promise<string> {
  const directory = path.join(home, SAMPLE)
  if (await exists(path.join(directory, '.git'))) return directory
  const made = await fs.mkdtemp(path.join(home, `${SAMPLE}-`))
  try {
    for (const [name, text] of Object.entries(FILES)) await fs.writeFile(path.join(made, name), text)
    await commitAll(made)
    if (await exists(directory)) await move(path.join(made, '.git'), path.join(directory, '.git'))
    else await move(made, directory)
  } finally {
    await fs.rm(made, { recursive: true, force: true })
  }
  return directory
}

async function commitAll(directory: string): Promise<void> {
  const git = (...args: string[]) =>
    run('git', ['-C', directory, '-c', 'user.name=Backchannel', '-c', 'user.email=backchannel@localhost', ...args])
  try {
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--no-verify', '--no-gpg-sign', '--message', 'Begin')
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/** Nothing to move, or somebody was first: both are fine. */
async function move(from: string, to: string): Promise<void> {
  try {
    await fs.rename(from, to)
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error
  }
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  )
