// What goes wrong between Claude and its model, as one sentence that says what to do. Pure.

import type { SDKAPIRetryMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk'

const LOG_IN =
  'log in by running “claude” in a terminal on this machine and typing /login, or set ANTHROPIC_API_KEY where “backchannel up” is started, then continue this task.'

/** What is to be done about it, by the SDK's name for it. `said` is the program's own sentence. */
const SENTENCES: Record<string, (said: string) => string> = {
  authentication_failed: (said) =>
    /not logged in/iu.test(said)
      ? `Claude is not logged in: ${LOG_IN}`
      : `Claude's login was refused (${said}): ${LOG_IN}`,
  oauth_org_not_allowed: (said) => `Claude's login was refused (${said}): ${LOG_IN}`,
  billing_error: (said) => `There is no credit left for Claude (${said}): add some, then continue this task.`,
  rate_limit: (said) => `Claude's rate limit is used up (${said}): continue this task when it is free again.`,
  overloaded: (said) => `Claude's model is overloaded (${said}): continue this task in a while.`,
  model_not_found: (said) =>
    `${said} Name another one: start with --model, or set it in the repository's part of config.yaml.`,
  max_output_tokens: (said) =>
    `Claude's answer became too long (${said}): continue this task and ask for less at once.`,
}

/** Why the turn failed; null when it did not. `error`: the SDK's name for what was wrong with its last words. */
export function failure(result: SDKResultMessage, error: string | null): string | null {
  if (!result.is_error) return null
  const said = 'result' in result ? result.result : result.errors.join(' ')
  if (result.terminal_reason === 'prompt_too_long')
    return `The conversation has become too long for the model (${said}). Start a new task, or continue this one with /compact.`
  if ('api_error_status' in result && result.api_error_status === 529) return SENTENCES['overloaded']?.(said) ?? said
  const known = error === null ? undefined : SENTENCES[error]
  if (known) return known(said)
  if (error === 'server_error') return `Claude's model could not be reached: ${said} Continue this task to try again.`
  return `Claude ended with an error: ${said || result.subtype}`
}

const CAUSES: Record<string, string> = {
  authentication_failed: 'the login was refused',
  rate_limit: 'the rate limit is used up',
  overloaded: 'the model is overloaded',
  server_error: 'the model has an error',
  billing_error: 'there is no credit left',
}

/** What is shown while it tries again. */
export function retryWords({
  error,
  error_status: status,
  attempt,
  max_retries: most,
  retry_delay_ms: delayMs,
}: SDKAPIRetryMessage): string {
  const cause = CAUSES[error] ?? (status === null ? 'the model cannot be reached' : `the model answers ${status}`)
  const wait = delayMs >= 5_000 ? ` in ${Math.round(delayMs / 1000)} s` : ''
  return `${cause}, trying again${wait} (${attempt} of ${most})`
}

/** A login that is refused twice is refused; the program itself would try for minutes. */
const LOGIN_TRIES_MAX = 2

export const isHopeless = ({ error, attempt }: { error: string; attempt: number }): boolean =>
  error === 'authentication_failed' && attempt >= LOGIN_TRIES_MAX

export const loginRefused = (): string => `Claude's login was refused: ${LOG_IN}`
