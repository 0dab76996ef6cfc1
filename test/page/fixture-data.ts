// Made-up tasks, cards, logs and diffs: every kind of card, and strings that mean harm.
import type { Diff, TaskDetail } from '../../src/bot/views.ts'
import type { Card } from '../../src/task/card.ts'
import type { FactBody } from '../../src/task/facts.ts'
import type { Actor } from '../../src/task/words.ts'

export const ANN: Actor = { chat: 'web', id: 'owner', name: 'ann' }
const MINUTE = 60_000

/** Words that try to be more than words, in every way this page could be fooled. */
const NASTY =
  '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> [Allow](javascript:window.harmed=1) <b>bold?</b> &lt;i&gt; \u202Egnp.exe\u202C ${window.harmed=1} "\'`'

const card = (tone: Card['tone'], title: string, body: Card['body'], buttons: Card['buttons'] = []): Card => ({
  tone,
  title,
  body,
  buttons,
  mention: [],
})

export const statusWorking = (at: number): Card =>
  card(
    'working',
    'login-rate-limiter',
    [
      { kind: 'line', parts: ['working since ', { at }, ' · careful · api@bg/login-rate-limiter'] },
      { kind: 'line', parts: ['12 read, 2 edited · now: ', { code: 'npm test -- --grep limiter' }] },
      {
        kind: 'checklist',
        items: [
          { text: 'Read how the limiter counts today', state: 'done' },
          { text: 'Count per user instead of per address', state: 'done' },
          { text: 'Keep the old header names', state: 'doing' },
          { text: 'Run the whole test suite', state: 'todo' },
        ],
      },
    ],
    [
      { id: 'v1:stop:t1::', label: 'Stop', style: 'danger' },
      { id: 'v1:log:t1::', label: 'Log' },
    ],
  )

export const permission = (): Card =>
  card(
    'needs',
    'The agent wants to run a command',
    [
      {
        kind: 'code',
        text: 'npm install rate-limiter-flexible@7 \\\n  && npx prisma generate \\\n  && npm test -- --run',
      },
      { kind: 'words', text: 'The limiter needs a **sliding window**, which `express-rate-limit` does not have.' },
      { kind: 'line', parts: ['Always allow adds the rule ', { code: 'npm install *' }] },
      { kind: 'line', parts: ['waiting for ', { person: ANN }] },
    ],
    [
      { id: 'v1:vote:t1:r1:allow', label: 'Allow once', style: 'primary' },
      { id: 'v1:vote:t1:r1:always', label: 'Always allow npm install' },
      {
        id: 'v1:vote:t1:r1:deny',
        label: 'Deny…',
        style: 'danger',
        form: {
          title: 'The agent wants to run a command',
          submit: 'Deny',
          fields: [{ id: 'reason', label: 'Why not?', required: false }],
        },
      },
      {
        id: 'v1:vote:t1:r1:edit',
        label: 'Edit…',
        form: {
          title: 'Edit the command',
          submit: 'Allow edited',
          fields: [
            {
              id: 'input',
              label: 'Command',
              required: true,
              prefill: 'npm install rate-limiter-flexible@7 \\\n  && npm test',
            },
          ],
        },
      },
    ],
  )

export const question = (): Card =>
  card(
    'needs',
    'Which store should the limiter use?',
    [
      {
        kind: 'words',
        text: 'Two are already in the project:\n\n- **Redis**, used for sessions\n- memory, lost on restart',
      },
      { kind: 'line', parts: ['waiting for ', { person: ANN }] },
    ],
    [
      {
        id: 'v1:vote:t2:r2:answer',
        label: 'Answer…',
        style: 'primary',
        form: {
          title: 'Which store should the limiter use?',
          submit: 'Answer',
          fields: [
            {
              id: 'store',
              label: 'Store',
              required: true,
              choices: [
                { label: 'Redis', description: 'Shared between processes, already there for sessions' },
                { label: 'Memory', description: 'Nothing to set up, lost on restart' },
              ],
            },
            {
              id: 'also',
              label: 'Apply it to',
              required: false,
              multi: true,
              choices: [{ label: 'Login' }, { label: 'Sign-up' }, { label: 'Password reset' }],
            },
          ],
        },
      },
    ],
  )

export const settled = (at: number): Card =>
  card('plain', 'The agent wants to run a command', [
    { kind: 'code', text: 'npm install rate-limiter-flexible@7' },
    { kind: 'line', parts: [{ strong: 'Allow once' }, ' by ', { person: ANN }, ', ', { at }, ' · delivered'] },
  ])

export const summary = (): Card =>
  card(
    'good',
    'Done in 11 min',
    [
      { kind: 'line', parts: ['+120 −33 in 6 files · exit 0 · $0.84'] },
      {
        kind: 'words',
        text: '# What changed\nThe limiter counts **per user** now, in `src/limit.ts`.\n\n1. Anonymous requests still count per address\n2. The header names stayed\n\n```\n✓ 214 tests passed\n```',
      },
      {
        kind: 'code',
        title: 'Output',
        text: '> api@1.4.0 test\n> vitest run\n\n ✓ test/limit.test.ts (14 tests) 212ms\n\n Test Files  31 passed (31)\n      Tests  214 passed (214)',
      },
      { kind: 'line', parts: ['To read: ', { file: { task: 't4', path: 'docs/what is 100%.html' } }] },
    ],
    [
      { id: 'v1:diff:t4::', label: 'Diff' },
      { id: 'v1:log:t4::', label: 'Log' },
      {
        id: 'v1:continue:t4::',
        label: 'Continue…',
        form: {
          title: 'Continue docs-for-limits',
          submit: 'Continue',
          fields: [{ id: 'text', label: 'What next?', required: true }],
        },
      },
      {
        id: 'v1:discard:t4:1:',
        label: 'Discard…',
        style: 'danger',
        form: { title: 'Discard the work?', says: 'All of it is put away.', submit: 'Discard', fields: [] },
      },
    ],
  )

export const ended = (tone: 'good' | 'bad' | 'stopped' | 'queued', title: string, words: string, at: number): Card =>
  card(tone, title, [{ kind: 'line', parts: [`${words} `, { at }, ' · shell · sample'] }])

export const failedSummary = (): Card =>
  card('bad', 'Failed after 41 s', [
    { kind: 'line', parts: ['exit 2'] },
    { kind: 'words', text: 'The command ended with exit code 2.' },
    {
      kind: 'code',
      title: 'Output',
      text: "src/limit.ts(14,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    },
  ])

export const nastyCard = (): Card =>
  card('working', NASTY, [
    { kind: 'words', text: `${NASTY}\n\n- ${NASTY}\n\n\`${NASTY.replaceAll('`', '')}\`` },
    { kind: 'code', text: `echo ok \u202E# hidden\u202C ; rm -rf \u200b/tmp/x\n${NASTY}`, title: NASTY },
    { kind: 'checklist', items: [{ text: NASTY, state: 'doing' }] },
    { kind: 'line', parts: [{ strong: NASTY }, { code: NASTY }, { person: { ...ANN, name: NASTY } }] },
  ])

/** `now`: when the world is made; tasks lie some minutes before it. */
export function tasksAt(now: number): TaskDetail[] {
  return [
    task('t1', 'login-rate-limiter', 'input_required', now - 14 * MINUTE, {
      requests: [{ id: 'r1', kind: 'permission', title: 'The agent wants to run a command' }],
      prompt: 'Make the login rate limiter per user. Stop when npm test is green.',
    }),
    task('t2', 'choose-a-store', 'input_required', now - 6 * MINUTE, {
      requests: [{ id: 'r2', kind: 'question', title: 'Which store should the limiter use?' }],
      prompt: 'Find out which store fits the limiter best.',
    }),
    task('t3', 'upgrade-to-node-24', 'working', now - 23 * MINUTE, {
      prompt: 'Upgrade everything to Node 24.',
      progress: {
        at: now,
        now: 'npm run types -- --watch=false',
        counts: { read: 41, edited: 7, commands: 3 },
        checklist: [
          { text: 'Read the release notes', state: 'done' },
          { text: 'Change CI', state: 'done' },
          { text: 'Fix types', state: 'doing' },
          { text: 'Run tests', state: 'todo' },
        ],
      },
    }),
    task('t5', 'npm-test', 'queued', now - 2 * MINUTE, { prompt: 'npm test', agent: 'shell', line: 1, branch: null }),
    task('t4', 'docs-for-limits', 'completed', now - 90 * MINUTE, {
      prompt: 'Write the page about limits.',
      endedAt: new Date(now - 79 * MINUTE).toISOString(),
      outcome: {
        kind: 'completed',
        at: now - 79 * MINUTE,
        summary: 'The page is written.',
        ending: { durationMs: 11 * MINUTE },
      },
    }),
    task('t6', 'npm-run-build', 'failed', now - 200 * MINUTE, {
      prompt: 'npm run build',
      agent: 'shell',
      branch: null,
      endedAt: new Date(now - 199 * MINUTE).toISOString(),
      outcome: {
        kind: 'failed',
        at: now - 199 * MINUTE,
        reason: 'The command ended with exit code 2.',
        ending: { exit: { code: 2 } },
      },
    }),
    task('t7', NASTY, 'cancelled', now - 3000 * MINUTE, {
      prompt: NASTY,
      endedAt: new Date(now - 2990 * MINUTE).toISOString(),
      outcome: { kind: 'cancelled', at: now - 2990 * MINUTE, by: ANN, ending: {} },
    }),
  ]
}

function task(
  id: string,
  label: string,
  status: TaskDetail['status'],
  at: number,
  more: Partial<TaskDetail>,
): TaskDetail {
  const prompt = more.prompt ?? label
  const bodies: FactBody[] = [
    {
      type: 'created',
      label,
      agent: more.agent ?? 'careful',
      limits: { guidance: true, resume: true, questions: true },
      prompt,
      work: WORK,
      place: { chat: 'web', channel: 'general' },
      options: {},
    },
    { type: 'attempt_started', attempt: 1 },
    { type: 'identified', attempt: 1, seq: 1, session: '5f0c1f6e-9f6b-4c2c-8d5a-3a7a3f8f2d11' },
    { type: 'guided', guidance: 'g1', text: 'keep the old header names' },
    { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 2 },
  ]
  const facts = bodies.map((body, index) => ({ task: id, version: index + 1, at: at + index * 20_000, by: ANN, body }))
  return {
    id,
    label,
    status,
    agent: 'careful',
    repo: 'api',
    branch: `bg/${label.slice(0, 40)}`,
    workspace: `/home/ann/.backchannel/tasks/${id}/work`,
    createdAt: new Date(at).toISOString(),
    endedAt: null,
    outcome: null,
    requests: [],
    line: null,
    progress: null,
    prompt,
    requester: 'ann',
    discardedUntil: null,
    chores: [],
    work: WORK,
    turns: 1,
    session: '5f0c1f6e-9f6b-4c2c-8d5a-3a7a3f8f2d11',
    open: [],
    facts,
    ...more,
  }
}

const WORK = {
  kind: 'worktree',
  repo: 'api',
  path: '/home/ann/api',
  worktree: '/home/ann/.backchannel/tasks/t1/work',
  branch: 'bg/login-rate-limiter',
  base: 'main',
} as const

export const logText = (lines: number): string =>
  Array.from({ length: lines }, (_, at) => {
    if (at % 97 === 0) return `\u001b[1m\u001b[36m> step ${at}\u001b[0m`
    if (at % 31 === 0) return ` \u001b[31m✗\u001b[39m test/limit-${at}.test.ts \u001b[2m(${NASTY})\u001b[22m`
    return ` \u001b[32m✓\u001b[39m test/limit-${at}.test.ts \u001b[2m(${at % 13} tests)\u001b[22m`
  }).join('\n') + '\n'

export const diff = (): Diff => ({
  base: 'main@4be70c1',
  files: [
    { path: 'src/limit.ts', added: 5, removed: 2 },
    { path: 'docs/limits and <more>.md', added: 2, removed: 0 },
  ],
  text: `diff --git a/src/limit.ts b/src/limit.ts
index 3b18e51..a4c2f0d 100644
--- a/src/limit.ts
+++ b/src/limit.ts
@@ -1,9 +1,12 @@ import { store } from './store.ts'
 export function limiter(options: Options) {
-  const key = (request: Request) => request.address
-  const hits = new Map<string, number>()
+  // Anonymous requests have no user, so they still count per address.
+  const key = (request: Request) => request.user ?? request.address
+  const hits = store<string, number>('limiter')
+  const words = '${NASTY}'
+  const veryLongLine = 'lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua'
 
   return async (request: Request) => {
     const count = await hits.increment(key(request))
     if (count > options.max) throw new TooMany(options.window)
   }
 }
diff --git a/docs/limits and <more>.md b/docs/limits and <more>.md
new file mode 100644
--- /dev/null
+++ b/docs/limits and <more>.md
@@ -0,0 +1,2 @@
+# Limits
+<script>window.harmed = 1</script>
`,
})
