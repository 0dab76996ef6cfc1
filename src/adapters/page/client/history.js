// A task's facts as sentences, for people who want to know what exactly happened. Pure. A fact of a kind this page does not
// know yet is shown by its name.

/** @import { ChoreResult, Fact } from '../../../task/facts.ts' */
/** @typedef {{ sentence: string, words?: string, code?: string, tone?: import('../../../task/card.ts').Tone }} Told */

/** @param {Fact[]} facts @returns {(Told & { fact: Fact })[]} */
export function tellFacts(facts) {
  /** @type {Map<string, { title: string, options: Map<string, string> }>} */
  const asks = new Map()
  for (const { body } of facts) {
    if (body.type === 'requested')
      asks.set(body.ask.id, {
        title: body.ask.title,
        options: new Map(body.ask.options.map((option) => [option.id, option.label.replace(/…$/, '')])),
      })
  }
  return facts.map((fact) => ({ ...tell(fact, asks), fact }))
}

/** @param {Fact} fact @param {Map<string, { title: string, options: Map<string, string> }>} asks @returns {Told} */
function tell({ by, body }, asks) {
  const title = (/** @type {string} */ request) => `“${asks.get(request)?.title ?? request}”`
  const option = (/** @type {string} */ request, /** @type {string} */ id) => asks.get(request)?.options.get(id) ?? id
  switch (body.type) {
    case 'created':
      return { sentence: `${by.name} started ${body.label} with ${body.agent}.`, words: body.prompt }
    case 'prompted':
      return { sentence: `${by.name} began turn ${body.turn}.`, words: body.text }
    case 'attempt_started':
      return { sentence: `Attempt ${body.attempt} was started.`, tone: 'working' }
    case 'identified':
      return { sentence: `The agent calls its session ${body.session}.` }
    case 'requested':
      return {
        sentence: `The agent asked ${title(body.ask.id)}.`,
        [body.ask.kind === 'permission' ? 'code' : 'words']: body.ask.detail,
        tone: 'needs',
      }
    case 'voted':
      return {
        sentence: `${by.name} chose “${option(body.request, body.option)}” for ${title(body.request)}.`,
        words: Object.values(body.values).filter(Boolean).join('\n'),
      }
    case 'settled':
      return {
        sentence: `${title(body.request)} was settled: ${option(body.request, body.vote.option)}, by ${body.vote.by.name}.`,
      }
    case 'withdrawn':
      return { sentence: `${title(body.request)} is no longer asked: ${body.reason}` }
    case 'delivered':
      return { sentence: `The agent has the answer to ${title(body.request)}.` }
    case 'guided':
      return { sentence: `${by.name} gave guidance.`, words: body.text }
    case 'guidance_delivered':
      return { sentence: 'The agent has the guidance.' }
    case 'reminded':
      return { sentence: `A reminder of ${title(body.request)} was sent.` }
    case 'parked':
      return { sentence: 'The process was ended while it waits; an answer resumes it.' }
    case 'stop_asked':
      return { sentence: `${by.name} ${body.interrupt ? 'interrupted the turn' : 'asked to stop'}.` }
    case 'lost':
      return { sentence: `The session of attempt ${body.attempt} was lost: ${body.reason}`, tone: 'bad' }
    case 'completed':
      return { sentence: 'The turn was completed.', words: body.summary, tone: 'good' }
    case 'failed':
      return { sentence: `The turn failed: ${body.reason}`, tone: 'bad' }
    case 'cancelled':
      return {
        sentence: `The turn was ${body.interrupted ? 'interrupted' : 'stopped'} by ${body.by.name}.`,
        tone: 'stopped',
      }
    case 'attached':
      return { sentence: `${by.name} took it into a terminal.` }
    case 'detached':
      return { sentence: 'It is back from the terminal.' }
    case 'chore_asked':
      return { sentence: `${by.name} asked to ${body.what} the work.`, words: body.message ?? '' }
    case 'chore_done':
      return { sentence: choreWords(body.result) }
    case 'chore_failed':
      return { sentence: `This could not be done: ${body.reason}`, tone: 'bad' }
    case 'discard_expired':
      return { sentence: 'The discarded work is not kept any more.' }
    default:
      return { sentence: /** @type {{ type: string }} */ (body).type.replaceAll('_', ' ') }
  }
}

/** @param {ChoreResult} result */
function choreWords(result) {
  if (result.what === 'discard') return `The work was discarded; it is kept in ${result.ref}.`
  if (result.what === 'restore') return `The work was restored on ${result.branch}.`
  return result.commit === null ? 'There was nothing to commit.' : `Committed ${result.commit} on ${result.branch}.`
}
