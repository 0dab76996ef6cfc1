// What the parts of the bench measure, as values: samples of hops in milliseconds, and what processes use.

/** How much of each there is to measure; `quick` is for trying the bench itself. */
export type Size = {
  commands: number
  asks: number
  appends: number
  births: number
  claude: number
  sessions: number[]
  parked: number
  tasks: number[]
  slackSamples: number
  slackTasks: number
  looks: number
  /** How long a process is watched to see what it uses while nothing happens. */
  watchMs: number
}

export const FULL: Size = {
  commands: 200,
  asks: 300,
  appends: 2_000,
  births: 50,
  claude: 25,
  sessions: [0, 10, 50],
  parked: 200,
  tasks: [100, 10_000, 100_000],
  slackSamples: 12,
  slackTasks: 50,
  looks: 200,
  watchMs: 10_000,
}

export const QUICK: Size = {
  commands: 5,
  asks: 6,
  appends: 100,
  births: 3,
  claude: 3,
  sessions: [0, 3],
  parked: 4,
  tasks: [100, 1_000],
  slackSamples: 2,
  slackTasks: 5,
  looks: 10,
  watchMs: 2_000,
}

/** One way from here to there, and the same way without Backchannel. `bare` says what that is. */
export type Hop = { hop: string; ours: number[]; bare: string; bareMs: number[] }
/** What a process uses. */
export type Use = { who: string; rssMb: number; pssMb: number | null; cpuPercent: number }
/** The same question to a database of different sizes. */
export type Look = { asked: string; tasks: number; ms: number[] }
/** `notes`: single numbers, as sentences. */
export type Found = { hops?: Hop[]; uses?: Use[]; looks?: Look[]; notes?: string[] }

export type Part = (size: Size) => Promise<Found>

/** The nearest rank: a value that was really measured. */
export function percentile(samples: number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN
}

export const perSecond = (samples: number[]): number =>
  (1_000 * samples.length) / samples.reduce((sum, ms) => sum + ms, 0)

export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
