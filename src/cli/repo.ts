// `backchannel repo`: which repositories there are; `repo add PATH [--name N] [--base B]`, `repo remove NAME`.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { recordHouse } from '../runner/journal.ts'
import { addRepo, removeRepo, reposOf, type HouseFactBody } from '../task/house.ts'
import { isRefused, type Refused } from '../task/words.ts'
import { unknown } from '../bot/words.ts'
import { flagsAnywhere, UsageError } from './args.ts'
import { openHouse, type House } from './house.ts'
import { say, sayJson, sayRefusal } from './print.ts'

const VERBS = ['list', 'add', 'remove']

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsAnywhere(argv, { valued: ['name', 'base'], bare: ['json'] })
  const [what = 'list', which, ...more] = rest
  if (!VERBS.includes(what)) throw new UsageError(unknown(what, VERBS, 'verb of repo'))
  if (more.length > 0 || (what === 'list') !== (which === undefined)) {
    throw new UsageError('repo is used as: repo, repo add PATH [--name N] [--base B], repo remove NAME.')
  }
  const house = await openHouse()
  try {
    if (which === undefined) return await list(house, 'json' in flags)
    return what === 'add' ? await add(house, which, flags) : await remove(house, which)
  } finally {
    await house.close()
  }
}

async function list(house: House, json: boolean): Promise<number> {
  const repos = await house.repos.all()
  if (json) sayJson(repos)
  else
    say(
      repos
        .map(
          (repo, index) =>
            `${repo.name}  ${repo.path}${repo.base ? `  from ${repo.base}` : ''}${index === 0 ? '  (the default)' : ''}`,
        )
        .join('\n'),
    )
  return 0
}

async function add(
  house: House,
  given: string,
  { name, base = null }: { name?: string; base?: string | null },
): Promise<number> {
  const top = await repoRoot(path.resolve(given))
  if (isRefused(top)) return sayRefusal(top)
  const repo = { name: name ?? path.basename(top.path).replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'), path: top.path, base }
  const code = await change(house, async () => addRepo(await house.repos.all(), repo))
  if (code === 0) say(`${repo.name} is ${repo.path}.`)
  return code
}

async function remove(house: House, name: string): Promise<number> {
  const code = await change(house, async () => removeRepo(reposOf(await house.store.house.facts()), name))
  if (code === 0) say(`${name} is forgotten; its folder stays as it is.`)
  return code
}

async function change({ store, user }: House, decide: () => Promise<HouseFactBody[] | Refused>): Promise<number> {
  const done = await recordHouse(store.house, decide, { by: user, now: Date.now })
  return isRefused(done) ? sayRefusal(done) : 0
}

/** The top of the repository a directory lies in. */
export async function repoRoot(directory: string): Promise<{ path: string } | Refused> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', directory, 'rev-parse', '--show-toplevel'])
    return { path: stdout.replace(/\n$/u, '') }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return {
      refused: missing
        ? 'git was not found: install it.'
        : `${directory} is not in a git repository: “git init” and a first commit make one.`,
    }
  }
}
