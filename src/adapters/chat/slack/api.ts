// Calls of the Web API, and what their failures mean: refused for good, to be asked again later, or unknown whether it happened. The
// client neither repeats nor waits by itself: it would post twice, and hold up everything behind one channel.

import {
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type WebAPICallResult,
  type WebClientOptions,
} from '@slack/web-api'

const CALL_MS_MAX = 15_000
/** Of a call that nobody is waiting for at a keyboard. */
const WAITS_MAX = 3
/** Slack may say that it is to be asked again in no time at all, or nothing. */
const LIMITED_MS_MIN = 1_000
/** What a timer can wait; with more it would not wait at all. */
const TIMER_MS_MAX = 2 ** 31 - 1
/** Errors after which something may have happened all the same. */
const UNSURE = /^(fatal_error|internal_error|service_unavailable|request_timeout)$/u

const OF_TOKEN = /^(invalid_auth|not_authed|token_revoked|token_expired|account_inactive|not_allowed_token_type)$/u

export type Failure =
  | { kind: 'limited'; ms: number }
  | { kind: 'refused'; error: string; needed?: string }
  | { kind: 'unknown' }

/** An object of its own for each client: the socket client changes what it is given. */
export const clientOptions = (
  slackApiUrl: string | undefined,
  logger: WebClientOptions['logger'],
): WebClientOptions => ({
  ...(slackApiUrl !== undefined && { slackApiUrl }),
  ...(logger && { logger }),
  rejectRateLimitedCalls: true,
  timeout: CALL_MS_MAX,
  retryConfig: { retries: 0 },
})

export function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', ms: Math.max(LIMITED_MS_MIN, error.retryAfter * 1_000) }
  if (!(error instanceof WebAPIPlatformError)) return { kind: 'unknown' }
  const { error: code, needed } = error.data as WebAPICallResult & { error: string; needed?: string }
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'limited', ms: LIMITED_MS_MIN }
  // What is no code of Slack is the page of somebody between us and it.
  if (UNSURE.test(code) || !/^[a-z0-9_]+$/u.test(code)) return { kind: 'unknown' }
  return { kind: 'refused', error: code, ...(needed !== undefined && { needed }) }
}

export const isRefusedWith = (error: unknown, ...codes: string[]): boolean => {
  const failure = failureOf(error)
  return failure.kind === 'refused' && codes.includes(failure.error)
}

/** Asking again changes nothing until somebody puts the token right. */
export function isOfToken(error: unknown): boolean {
  const failure = failureOf(error)
  return failure.kind === 'refused' && OF_TOKEN.test(failure.error)
}

/** Waits as long as Slack says, and asks again, a few times. */
export async function patiently<T>(call: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await call()
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind !== 'limited' || waits >= WAITS_MAX) throw error
      await wait(failure.ms)
    }
  }
}

/** Sleeps that end when the chat stops. */
export function sleeper(signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Error('the chat was stopped'))
      const stopped = (): void => {
        clearTimeout(timer)
        reject(new Error('the chat was stopped'))
      }
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stopped)
          resolve()
        },
        Math.min(ms, TIMER_MS_MAX),
      )
      signal.addEventListener('abort', stopped, { once: true })
      return undefined
    })
}

/** The sentence for a token or scope that is wrong, or null when the failure says nothing about them. */
export function whyRefused(error: unknown, name: string, bot = 'bg'): string | null {
  const failure = failureOf(error)
  if (failure.kind !== 'refused') return null
  switch (failure.error) {
    case 'invalid_auth':
    case 'not_authed':
    case 'token_expired':
      return `Slack does not know ${name}: copy it again from api.slack.com/apps.`
    case 'token_revoked':
    case 'account_inactive':
      return `${name} was revoked: install the app again on api.slack.com/apps and copy the new token.`
    case 'not_allowed_token_type':
      return `${name} is a token of another kind: the bot token begins with xoxb-, the app-level token with xapp-.`
    case 'missing_scope':
      return `The app lacks the scope ${failure.needed ?? '(unnamed)'}: add it on api.slack.com/apps and install the app again.`
    case 'not_in_channel':
    case 'channel_not_found':
      return `I am not in this channel: invite me with /invite @${bot}.`
    case 'is_archived':
    case 'is_inactive':
      return 'This channel is archived.'
    case 'restricted_action':
    case 'restricted_action_read_only_channel':
    case 'restricted_action_thread_only_channel':
      return `Slack lets only some people post in this channel: ask an admin to let @${bot} post here, or start it elsewhere.`
    case 'messages_tab_disabled':
      return 'The Messages tab of the app is off: switch it on under “App Home” on api.slack.com/apps.'
    default:
      return null
  }
}

export { WebClient }
