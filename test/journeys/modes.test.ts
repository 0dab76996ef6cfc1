// Another user of this machine: nothing of a home is theirs to read, to write or to speak to, whatever umask it was made under.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { home as temporary } from '../support/home.ts'
import { house } from './house.ts'

const LONG = 120_000
const OTHERS = 0o077

/** What group or others may do something with, but for what lies in the workspaces of tasks: those are behind a closed door. */
function open(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name)
    const below = path.relative(folder, file)
    const behind = /^(sample|worktrees\/\w+|cache)(\/|$)/u.test(below)
    const { mode } = fs.lstatSync(file)
    return behind || entry.isSymbolicLink() || (mode & OTHERS) === 0 ? [] : `${below} ${(mode & 0o777).toString(8)}`
  })
}

test(
  'another user of the machine can open nothing in the home, nor its sockets, also where it was made with open doors',
  { timeout: LONG },
  async () => {
    const folder = path.join(await temporary(), 'home')
    fs.mkdirSync(folder, { mode: 0o755 })
    fs.chmodSync(folder, 0o755)
    const umask = process.umask(0)
    const here = await house({ folder, config: 'permissions:\n  ask: ["Bash(touch *)"]\n' }).finally(() =>
      process.umask(umask),
    )
    process.umask(0)
    const { page } = await here.up().finally(() => process.umask(umask))
    const asking = await page.start('/bg run touch x')
    await page.button(asking.id, 'Allow once')
    const demo = await page.start('/bg start --agent demo say hello')
    await page.until(demo.id, (task) => task.outcome)
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
    const sockets = fs.readdirSync(path.join(folder, 's'))
    expect(sockets.length).toBeGreaterThan(1)
    for (const name of sockets) expect(fs.statSync(path.join(folder, 's', name)).mode & OTHERS).toBe(0)
    expect(open(folder).filter((one) => !one.startsWith('config.yaml'))).toEqual([])
  },
)
