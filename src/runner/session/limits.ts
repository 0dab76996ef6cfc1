// The limits of one attempt, kept on the monotonic clock: its time, the size of its log, the room on the disk. What has no
// limit here waits across attempts and belongs to plan and due.

import { fstatSync, ftruncateSync, statfsSync } from 'node:fs'

const LOOK_MS_MIN = 10
const LOOK_MS_MAX = 500
/** Room that is left for everybody else, the journal above all; on a small disk less. */
const DISK_FREE_BYTES_MIN = 64 * 1024 * 1024
const DISK_FREE_SHARE_MIN = 0.05
/** A log smaller than this is not what fills the disk. */
const LOG_BYTES_HARMLESS = 1024 * 1024
/** Whoever goes on writing this far beyond the cap, although asked to end, is killed at once. */
const LOG_OVERRUN = 1.25

export type Limit = { reason: string; hurry: boolean; kill?: boolean }

type Watched = {
  log: number
  dir: string
  logBytesMax: number
  timeoutMs: number | null
  /** Waiting for a person is not time of the attempt. */
  waits: () => boolean
  reached: (limit: Limit) => void
}

/** Looks until `close` is called, more often the nearer a limit is. `close` cuts the log to its cap. */
export function watchLimits({ log, dir, logBytesMax, timeoutMs, waits, reached }: Watched): { close(): void } {
  let bytes = 0
  let spentMs = 0
  let lookedAt = performance.now()
  let timer = setTimeout(look, LOOK_MS_MIN)

  function look(): void {
    const passedMs = performance.now() - lookedAt
    lookedAt += passedMs
    if (!waits()) spentMs += passedMs
    const grownBytes = fstatSync(log).size - bytes
    bytes += grownBytes
    const limit = timeLimit() ?? logLimit() ?? (grownBytes > 0 ? diskLimit() : null)
    if (limit) reached(limit)
    const untilCapMs = grownBytes > 0 ? ((logBytesMax - bytes) / grownBytes) * passedMs : Infinity
    const untilTimeoutMs = timeoutMs === null || limit ? Infinity : timeoutMs - spentMs
    timer = setTimeout(look, Math.max(LOOK_MS_MIN, Math.min(LOOK_MS_MAX, untilCapMs / 2, untilTimeoutMs)))
  }

  const timeLimit = (): Limit | null =>
    timeoutMs === null || spentMs < timeoutMs
      ? null
      : { reason: `It was stopped after ${duration(timeoutMs)}, its time limit.`, hurry: false }

  const logLimit = (): Limit | null =>
    bytes < logBytesMax
      ? null
      : {
          reason: `It was stopped because its log reached ${megabytes(logBytesMax)}, the most a log may have.`,
          hurry: true,
          kill: bytes > logBytesMax * LOG_OVERRUN,
        }

  function diskLimit(): Limit | null {
    const { bavail, blocks, bsize } = statfsSync(dir)
    const bytesMin = Math.min(DISK_FREE_BYTES_MIN, blocks * bsize * DISK_FREE_SHARE_MIN)
    if (bytes < LOG_BYTES_HARMLESS || bavail * bsize >= bytesMin) return null
    return {
      reason: `The disk is full: it was stopped because its growing log left only ${megabytes(bavail * bsize)} free.`,
      hurry: true,
    }
  }

  return {
    close() {
      clearTimeout(timer)
      if (fstatSync(log).size > logBytesMax) ftruncateSync(log, logBytesMax)
    },
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0).replace(/\.0$/, '')} MB`

function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
