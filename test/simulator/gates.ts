// Who may go on: every call of a port waits at a gate until the scheduler opens it, so that any order of events and a crash
// before or after any call can happen. A crashed actor is never let through again: its calls stay unanswered forever.

export type Gate = <T>(what: string, call: () => Promise<T>) => Promise<T>

type Waiting = { actor: string; what: string; open: () => Promise<void>; swallow: () => Promise<void> }

/** No gate at all: for the search, and for looking after the fact. */
export const open: Gate = (_what, call) => call()

/** Lets `calls` through, then the process is gone: before the next call, or (`after`) with that call done and unanswered. */
export function crashingAt(calls: number, after: boolean, crashed: () => void): Gate {
  let left = calls
  return async (_what, call) => {
    if (left > 0) {
      left -= 1
      return call()
    }
    if (left === 0 && after) await call()
    left = -1
    crashed()
    return new Promise(() => {})
  }
}

export class Gates {
  #waiting: Waiting[] = []

  of(actor: string): Gate {
    return (what, call) =>
      new Promise((resolve, reject) => {
        this.#waiting.push({
          actor,
          what,
          open: () => call().then(resolve, reject),
          swallow: () => call().then(ignore, ignore),
        })
      })
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting
  }

  /** Does one waiting call and lets its caller run up to its next one. */
  async open(index: number): Promise<void> {
    const [one] = this.#waiting.splice(index, 1)
    await one?.open()
    await breath()
  }

  /** The actors are gone; `after`: one of their calls is done all the same, and nobody hears of it. */
  async crash(dies: (actor: string) => boolean, after: number | null): Promise<void> {
    const dying = this.#waiting.filter((one) => dies(one.actor))
    this.#waiting = this.#waiting.filter((one) => !dies(one.actor))
    if (after !== null && dying.length > 0) await dying[after % dying.length]?.swallow()
  }
}

/** Until everybody who can go on has come to a gate. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const ignore = (): void => {}

/** A port whose every method waits at the gate. */
export function gated<Port extends object>(port: Port, gate: Gate, name: string): Port {
  return Object.fromEntries(
    Object.entries(port).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'function'
        ? (...args: unknown[]) =>
            gate(`${name}.${key}`, async () => (value as (...args: unknown[]) => unknown)(...args))
        : value,
    ]),
  ) as Port
}
