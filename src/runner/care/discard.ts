// Discards the work of a task: all of it, what is committed, staged, changed and new, becomes one commit under a ref of ours; then
// worktree and branch go. The commit is written down before anything is removed, so who comes after a crash knows which half is done.

import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRefused, refuse, type Refused } from '../../task/words.ts'
import { git, type GitPlace } from '../git.ts'
import { readRecord, writeRecord, type WorkspaceRecord } from '../workspace-record.ts'
import { bringBack } from '../worktrees.ts'
import { openRaw } from './raw.ts'
import { remove, removeBranch, setAside } from './removal.ts'
import { checkedOut, commitAt, discardedRef, isAncestor, isDirectory, repoOf, type Site } from './site.ts'

/** Resolves with the commit that holds everything. */
export async function discard(site: Site): Promise<string | Refused> {
  const { task, taskDir } = site
  const found = readRecord(taskDir)
  if (!found) return refuse('It never had a workspace, so there is nothing to discard.')
  const kept = found.discarded ?? (await keep(site, found))
  if (typeof kept !== 'string') return kept
  const repo = repoOf(site)
  if ((await commitAt(discardedRef(task), repo)) !== kept)
    return refuse(`${discardedRef(task)} is not what was put there, so nothing is removed.`)
  const refused = await remove(site)
  if (refused) return refused
  const tip = await commitAt(`refs/heads/${found.branch}`, repo)
  if (tip !== null && (await isAncestor(tip, kept, repo))) await removeBranch(found.branch, tip, site)
  return kept
}

/** Everything as a commit under the ref, the worktree aside, and both written down. */
async function keep(site: Site, record: WorkspaceRecord): Promise<string | Refused> {
  const { work, taskDir } = site
  bringBack(work.worktree)
  const kept = isDirectory(work.worktree) ? await keepWorktree(site, record) : await keepBranch(site, record)
  if (typeof kept === 'string') writeRecord(taskDir, { ...record, discarded: kept, setUp: false })
  return kept
}

/** The worktree was gone before: what there is, is its branch. */
async function keepBranch(site: Site, { branch, tip }: WorkspaceRecord): Promise<string | Refused> {
  const repo = repoOf(site)
  const head = (await commitAt(`refs/heads/${branch}`, repo)) ?? (tip ? await commitAt(tip, repo) : null)
  if (head === null) return refuse('Workspace and branch are gone, so there is nothing to discard.')
  return putAway(site, {
    branch,
    branchAt: head,
    head,
    on: `refs/heads/${branch}`,
    tree: `${head}^{tree}`,
    staged: head,
  })
}

async function keepWorktree(site: Site, { branch }: WorkspaceRecord): Promise<string | Refused> {
  const { work, env, taskDir } = site
  const repo = repoOf(site)
  const at: GitPlace = { cwd: work.worktree, env }
  const head = await commitAt('HEAD', at)
  if (head === null) return refuse(`${work.worktree} is no worktree with a commit, so it is left as it is.`)
  const staged = await stagedIn(at, head, taskDir)
  const raw = await openRaw(repo, taskDir, staged)
  if (isRefused(raw)) return raw
  try {
    const tree = await raw.treeOf(work.worktree)
    if (typeof tree !== 'string') return tree
    const branchAt = (await commitAt(`refs/heads/${branch}`, repo)) ?? head
    const also = await Promise.all(ALSO_KEPT.map((name) => commitAt(name, at)))
    const kept = await putAway(site, { branch, branchAt, head, on: await checkedOut(at), tree, staged }, also)
    if (typeof kept !== 'string') return kept
    const refused = await setAside(site, async (directory) => {
      const again = await raw.treeOf(directory)
      return typeof again === 'string' ? again === tree : again
    })
    return refused ?? kept
  } finally {
    raw.close()
  }
}

/** What is staged, as a commit beside the head; of an index with conflicts nothing. The real index is only read. */
async function stagedIn(at: GitPlace, head: string, taskDir: string): Promise<string> {
  const found = await git(['rev-parse', '--path-format=absolute', '--git-path', 'index'], at)
  const index = found.ok ? found.out.trim() : ''
  if (!existsSync(index)) return head
  const copy = join(taskDir, 'staged-index')
  copyFileSync(index, copy)
  const tree = await git(['write-tree'], { ...at, indexFile: copy })
  rmSync(copy, { force: true })
  if (!tree.ok) return head
  const made = await git([...US, 'commit-tree', tree.out.trim(), '-p', head, '-m', 'Staged'], at)
  return made.ok ? made.out.trim() : head
}

/** Commits that only a merge or the like in the middle knows of. */
const ALSO_KEPT = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'ORIG_HEAD']

const US = ['-c', 'user.name=Backchannel', '-c', 'user.email=backchannel@localhost', '-c', 'core.fsync=all']

/** What a restore needs to know; it is the message of the commit. */
export type Kept = { branch: string; branchAt: string; head: string; on: string | null; staged: string }

async function putAway(
  site: Site,
  { tree, ...kept }: Kept & { tree: string },
  also: (string | null)[] = [],
): Promise<string | Refused> {
  const { task, label } = site
  const repo = repoOf(site)
  const parents = [...new Set([kept.head, kept.staged, kept.branchAt, ...also])].flatMap((commit) =>
    commit === null ? [] : ['-p', commit],
  )
  const message = `Discarded: ${label}\n\n${JSON.stringify(kept)}\n`
  const made = await git([...US, 'commit-tree', tree, ...parents, '-m', message], repo)
  if (!made.ok) return refuse(`It could not be put away: ${made.sentence}.`)
  const commit = made.out.trim()
  const named = await git(['-c', 'core.fsync=all', 'update-ref', discardedRef(task), commit], repo)
  return named.ok ? commit : refuse(`It could not be put away: ${named.sentence}.`)
}
