// What the page is given to look at: views, the cards of a task, where it is talked about, and what can be completed.

import type { Looks } from '../adapters/page/api.ts'
import { VERB_HELP } from '../bot/help.ts'
import { load } from '../runner/journal.ts'
import { posts } from '../task/posts/index.ts'
import { AGENTS } from './agents.ts'
import { WEB, type House } from './house.ts'

const TASKS_TO_COMPLETE = 100

export function looksOf({ views, owner, store, repos }: House): Looks {
  return {
    views,
    owner,
    async cards(id) {
      const task = await load(store.journal, id)
      if (!task) return []
      const shown = posts(task, { progress: (await store.journal.progress([id])).get(id) ?? null, line: null })
      return [...shown].flatMap(([key, post]) => (post.kind === 'card' ? [{ key, card: post.card }] : []))
    },
    links: {
      thread: async (task) => (await store.messages.of(task)).get('status')?.ref?.id ?? null,
      task: (root) => store.messages.taskOf({ ...WEB, id: root }),
    },
    completion: async () => ({
      verbs: VERB_HELP,
      agents: AGENTS.map((agent) => agent.name),
      repos: (await repos.all()).map((repo) => repo.name),
      tasks: (await views.tasks({ limit: TASKS_TO_COMPLETE })).map((task) => task.label),
    }),
  }
}
