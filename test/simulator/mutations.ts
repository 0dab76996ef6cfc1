// Deliberate ways to break the core, one each. What nobody notices is not protected. Texts are matched without regard to
// white space, so that formatting does not make them stale.

export type Mutation = { name: string; file: string; text: string; instead: string }

export const MUTATIONS: Mutation[] = [
  {
    name: 'a settled request can be settled again',
    file: 'src/task/decide/vote.ts',
    text: 'if (closed) return closed',
    instead: '',
  },
  {
    name: 'what was heard before is heard again',
    file: 'src/task/decide/report.ts',
    text: '|| seq <= task.seq',
    instead: '',
  },
  {
    name: 'an older attempt still counts',
    file: 'src/task/decide/report.ts',
    text: 'attempt !== task.attempt ||',
    instead: '',
  },
  {
    name: 'cancelled while the process lives',
    file: 'src/task/decide/cancel.ts',
    text: "if (mayLive(task, phase)) return [{ type: 'stop_asked' }]",
    instead: 'void mayLive',
  },
  {
    name: 'cancelled while the process of the turn before lives',
    file: 'src/task/decide/cancel.ts',
    text: "(attempt > 0 && phase.why !== 'lost')",
    instead: "(attempt > 0 && (phase.why === 'parked' || phase.why === 'answered'))",
  },
  {
    name: 'a new attempt starts beside the old one',
    file: 'src/task/plan.ts',
    text: '!liveOf.has(task.id) &&',
    instead: '',
  },
  {
    name: 'what must not live any more is left alone',
    file: 'src/task/plan.ts',
    text: "case 'ended': return live.length > 0 ? live.map(stop) : choreOf(task)",
    instead: "case 'ended': return choreOf(task)",
  },
  {
    name: 'what is settled goes to the attempt that asked and to no other',
    file: 'src/task/task.ts',
    text: 'request.attempt === 0) return []',
    instead: 'request.attempt !== task.attempt) return []',
  },
  {
    name: 'that an answer was delivered is forgotten',
    file: 'src/task/evolve.ts',
    text: 'state: { ...request.state, delivered: fact.at }',
    instead: 'state: { ...request.state, delivered: null }',
  },
  {
    name: 'words that came too late are dropped',
    file: 'src/task/decide/report.ts',
    text: ', ...carryOn(task)]',
    instead: ', ...carryOn(task).slice(1)]',
  },
  {
    name: 'what is asked stays open after the end',
    file: 'src/task/decide/end.ts',
    text: 'openRequests(task).map(',
    instead: 'openRequests(task).slice(1).map(',
  },
  {
    name: 'a lost session goes on before it is answered',
    file: 'src/task/evolve.ts',
    text: 'const waits = openRequests(counted).length > 0',
    instead: 'const waits = openRequests(counted).length > 1',
  },
  {
    name: 'a settled card keeps its buttons',
    file: 'src/task/posts/request.ts',
    text: "buttons: open && currentTurn(task).phase.kind !== 'stopping' ?",
    instead: "buttons: currentTurn(task).phase.kind !== 'stopping' ?",
  },
  {
    name: 'a finished status card keeps its buttons',
    file: 'src/task/posts/status.ts',
    text: "buttons: phase.kind === 'ended' ? [] : stopButtons(task)",
    instead: 'buttons: stopButtons(task)',
  },
  {
    name: 'people are reminded at every look',
    file: 'src/task/due.ts',
    text: '.filter((one) => one.remindedAt === null)',
    instead: '',
  },
  {
    name: 'a lost command is run again by itself',
    file: 'src/task/decide/gone.ts',
    text: 'if (began && !task.limits.resume)',
    instead: 'if (began && !task.limits.resume && losses > 0)',
  },
  {
    name: 'a stranger decides',
    file: 'src/task/authorize.ts',
    text: 'a.chat === b.chat && a.id === b.id',
    instead: 'a.chat === b.chat',
  },
  {
    name: 'two requests have one name',
    file: 'src/task/decide/unanswerable.ts',
    text: 'if (task.requests.some((one) => one.id === id))',
    instead: "if (task.requests.some((one) => one.id === id && one.state.kind === 'open'))",
  },
  {
    name: 'a lost race counts as stored',
    file: 'src/runner/journal.ts',
    text: "if (result === 'appended')",
    instead: 'if (result)',
  },
  {
    name: 'the prompt is given again after a loss',
    file: 'src/task/evolve.ts',
    text: '{ begun: true })',
    instead: '{ begun: false })',
  },
  {
    name: 'what was answered is never continued',
    file: 'src/task/plan.ts',
    text: "return phase.kind === 'queued' && openRequests(task).length === 0 && task.terminal === null ?",
    instead: "return phase.kind === 'queued' && phase.why !== 'answered' && openRequests(task).length === 0 ?",
  },
  {
    name: 'a parked task is called parked although it may still say something',
    file: 'src/task/due.ts',
    text: 'undeliveredAnswers(task).length === 0',
    instead: 'undeliveredAnswers(task).length >= 0',
  },
  {
    name: 'an orphaned message is posted anew',
    file: 'src/bot/mend.ts',
    text: 'if (orphan) {',
    instead: 'if (orphan && message?.ref) {',
  },
  {
    name: 'words reach an agent that waits for an answer',
    file: 'src/task/plan.ts',
    text: 'const guidance = openRequests(task).length > 0 ? [] :',
    instead: 'const guidance = openRequests(task).length > 99 ? [] :',
  },
  {
    name: 'nobody is asked after three losses',
    file: 'src/task/decide/gone.ts',
    text: 'if (losses + 1 >= ATTEMPTS_MAX &&',
    instead: 'if (losses + 1 >= 99 * ATTEMPTS_MAX &&',
  },
  {
    name: 'a new attempt starts in a workspace that is being discarded',
    file: 'src/task/plan.ts',
    text: '&& pendingChore(task) === null',
    instead: '',
  },
  {
    name: 'a chore is done beside a living process',
    file: 'src/task/plan.ts',
    text: 'live.length > 0 ? live.map(stop) : choreOf(task)',
    instead: '[...live.map(stop), ...choreOf(task)]',
  },
  {
    name: 'what is discarded goes on',
    file: 'src/task/decide/reply.ts',
    text: 'const why = whyDiscarded(task)',
    instead: 'const why = whyDiscarded({ ...task, chores: [] })',
  },
  {
    name: 'two chores at once',
    file: 'src/task/decide/chore.ts',
    text: 'if (pending) return',
    instead: 'if (!pending && task.attempt < 0) return',
  },
  {
    name: 'a chore that is over is over again',
    file: 'src/task/decide/chore.ts',
    text: 'return pendingChore(task)?.id === said.chore ? [said] : []',
    instead: 'return [said]',
  },
  {
    name: 'an ended task with a chore to do is let go',
    file: 'src/runner/runner.ts',
    text: 'if (pendingChore(task) || task.terminal) return false',
    instead: '',
  },
  {
    name: 'an answer grants a rule with every look',
    file: 'src/task/granted.ts',
    text: "body.type === 'rule_granted' && body.task === wanted.task && body.request === wanted.request",
    instead:
      "body.type === 'rule_granted' && body.task === wanted.task && body.request === wanted.request && facts.length < 0",
  },
  {
    name: 'a choice of “always” is let go before it is a fact of the house',
    file: 'src/runner/granted.ts',
    text: 'for (const { body, by, at } of grantedIn(task))',
    instead: 'for (const { body, by, at } of task.attempt > 1 ? [] : grantedIn(task))',
  },
  {
    name: 'a discarded task offers to be discarded',
    file: 'src/task/posts/summary.ts',
    text: 'offered && whyNoChore(task, what) === null ? [button] : []',
    instead: 'offered ? [button] : []',
  },
]
