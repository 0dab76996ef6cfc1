// The part of `config.yaml` about channels: what a command there takes when it names nothing else, and where the end is told.

import { z } from 'zod'
import { NOTIFY } from '../task/posts/notify.ts'

export const channel = z.strictObject({
  repo: z.string().exactOptional(),
  /** Whom cards call. */
  notify: z.enum(NOTIFY, NOTIFY.join(', ')).exactOptional(),
  /** The channel of the same chat where a line tells that a task has finished, instead of the one it was started in. */
  summaries: z.string().exactOptional(),
})

export const CHANNEL_KEYS = Object.keys(channel.shape)
