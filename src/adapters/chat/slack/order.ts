// Words in one thread are handed on one after the other, by when they were said: connections deliver at the same time, and two replies
// that overtake each other would mean something else.

/** Long enough for two deliveries that raced each other. */
const SETTLE_MS = 25

type Waiting = { ts: string; work: () => Promise<void> }

export function inOrder(): (thread: string, ts: string, work: () => Promise<void>) => Promise<void> {
  const threads = new Map<string, Waiting[]>()

  async function drain(thread: string, waiting: Waiting[]): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    for (let next = takeFirst(waiting); next; next = takeFirst(waiting)) await next.work()
    threads.delete(thread)
  }

  return (thread, ts, work) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const one: Waiting = { ts, work: () => work().then(resolve, reject) }
    const waiting = threads.get(thread)
    if (waiting) waiting.push(one)
    else {
      const first = [one]
      threads.set(thread, first)
      void drain(thread, first)
    }
    return promise
  }
}

function takeFirst(waiting: Waiting[]): Waiting | undefined {
  const first = waiting.reduce<Waiting | undefined>(
    (least, one) => (!least || one.ts < least.ts ? one : least),
    undefined,
  )
  if (first) waiting.splice(waiting.indexOf(first), 1)
  return first
}
