// A small repository of its own for a home that knows none, so that the first task never works on somebody's real code.

import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

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
 * Makes it where it is not there yet, or completes what was cut off; resolves with its path. Without git it is a plain folder,
 * good enough for commands.
 */
export async function sampleRepo(home: string): Promise<string> {
  const directory = path.join(home, SAMPLE)
  const git = (...args: string[]) =>
    run('git', ['-C', directory, '-c', 'user.name=Backchannel', '-c', 'user.email=backchannel@localhost', ...args])
  const begun = () => git(`--git-dir=${path.join(directory, '.git')}`, 'rev-parse', '--quiet', '--verify', 'HEAD')
  await fs.mkdir(directory, { recursive: true })
  if (await begun().catch(() => null)) return directory
  for (const [name, text] of Object.entries(FILES)) await addFile(path.join(directory, name), text)
  try {
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--no-verify', '--no-gpg-sign', '--message', 'Begin')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return directory
}

/** What is there already stays as it is. */
async function addFile(file: string, text: string): Promise<void> {
  try {
    await fs.writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
