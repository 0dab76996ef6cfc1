// What goes wrong between Claude and its model: every row, as a sentence that says what to do.
import type { SDKAPIRetryMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk'
import { expect, test } from 'vitest'
import { failure, isHopeless, loginRefused, retryWords } from '../../src/adapters/agent/claude/trouble.ts'

const result = (more: object): SDKResultMessage =>
  ({ type: 'result', subtype: 'success', is_error: true, result: 'API said no', ...more }) as SDKResultMessage

const LOG_IN = 'log in by running “claude” in a terminal'

test.each<[string | null, object, string]>([
  ['authentication_failed', { result: 'Not logged in · Please run /login' }, `Claude is not logged in: ${LOG_IN}`],
  ['authentication_failed', {}, `Claude's login was refused (API said no): ${LOG_IN}`],
  ['oauth_org_not_allowed', {}, `Claude's login was refused (API said no): ${LOG_IN}`],
  ['billing_error', {}, 'There is no credit left for Claude (API said no): add some'],
  ['rate_limit', {}, "Claude's rate limit is used up (API said no): continue this task when"],
  ['overloaded', {}, "Claude's model is overloaded (API said no): continue this task in a while."],
  ['server_error', { api_error_status: 529 }, "Claude's model is overloaded (API said no): continue"],
  ['server_error', { api_error_status: 500 }, "Claude's model could not be reached: API said no Continue this task"],
  ['model_not_found', {}, 'API said no Name another one: start with --model'],
  ['max_output_tokens', {}, "Claude's answer became too long (API said no): continue this task and ask for less"],
  ['invalid_request', { terminal_reason: 'prompt_too_long' }, 'The conversation has become too long for the model'],
  ['invalid_request', {}, 'Claude ended with an error: API said no'],
  [null, { subtype: 'error_during_execution', result: undefined, errors: ['a', 'b'] }, 'Claude ended with an error: '],
  [null, { result: '' }, 'Claude ended with an error: success'],
])('%s %j fails the turn', (error, more, sentence) => {
  expect(failure(result(more), error)).toContain(sentence)
})

test('what is no error is none, whatever went wrong before', () => {
  expect(failure(result({ is_error: false }), 'overloaded')).toBeNull()
})

const retry = (more: object): SDKAPIRetryMessage =>
  ({
    error: 'unknown',
    error_status: 500,
    attempt: 2,
    max_retries: 10,
    retry_delay_ms: 600,
    ...more,
  }) as SDKAPIRetryMessage

test.each<[object, string]>([
  [{ error: 'authentication_failed' }, 'the login was refused, trying again (2 of 10)'],
  [{ error: 'rate_limit', retry_delay_ms: 61_400 }, 'the rate limit is used up, trying again in 61 s (2 of 10)'],
  [{ error: 'overloaded' }, 'the model is overloaded, trying again (2 of 10)'],
  [{ error: 'server_error', retry_delay_ms: 5000 }, 'the model has an error, trying again in 5 s (2 of 10)'],
  [{ error: 'billing_error' }, 'there is no credit left, trying again (2 of 10)'],
  [{ error_status: null }, 'the model cannot be reached, trying again (2 of 10)'],
  [{ error_status: 418 }, 'the model answers 418, trying again (2 of 10)'],
])('%j is shown while it tries again', (more, words) => {
  expect(retryWords(retry(more))).toBe(words)
})

test('only a login that is refused twice is hopeless', () => {
  expect(isHopeless({ error: 'authentication_failed', attempt: 1 })).toBe(false)
  expect(isHopeless({ error: 'authentication_failed', attempt: 2 })).toBe(true)
  expect(isHopeless({ error: 'overloaded', attempt: 9 })).toBe(false)
  expect(loginRefused()).toContain(LOG_IN)
})
