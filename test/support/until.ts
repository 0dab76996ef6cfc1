// Waits for something to become true, looking often; the one way for tests to wait, because a blind pause is either too short or too long.
import { inspect } from 'node:util'

const LOOK_EVERY_MS = 20
const WITHIN_MS = 20_000

type Falsy = false | null | undefined | 0 | ''
type Limits = { within?: number; what?: string }

/** Resolves to the first truthy value of the predicate; a predicate that throws is asked again. The error shows the last value. */
export async function until<T>(
  predicate: () => T | Promise<T>,
  { within = WITHIN_MS, what }: Limits = {},
): Promise<Exclude<T, Falsy>> {
  const deadline = performance.now() + within
  for (;;) {
    const seen = await look(predicate)
    if ('value' in seen && seen.value) return seen.value as Exclude<T, Falsy>
    if (performance.now() > deadline) {
      const last =
        'value' in seen
          ? `the last value was ${inspect(seen.value, { depth: 4 })}`
          : `it last threw ${inspect(seen.error)}`
      throw new Error(`Waited ${within} ms until ${what ?? predicate.toString()}; ${last}`)
    }
    await pause(LOOK_EVERY_MS)
  }
}

/** Waits for a list to become empty; resolves to what is still in it when the time is up. */
export async function remaining<T>(list: () => T[], { within = WITHIN_MS }: Limits = {}): Promise<T[]> {
  const deadline = performance.now() + within
  while (list().length > 0 && performance.now() < deadline) await pause(LOOK_EVERY_MS)
  return list()
}

async function look<T>(predicate: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await predicate() }
  } catch (error) {
    return { error }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
