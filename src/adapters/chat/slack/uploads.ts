// What is too long for a message, as a file beside it. Uploaded before the message that links it, so that a crash between the two leaves a
// file nobody sees, and never two messages; where it cannot be uploaded, or not soon, the message says where all of it is.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { patiently } from './api.ts'
import { within } from './people.ts'
import type { Attachment } from './render.ts'
import type { Room } from './room.ts'

const KEPT_MAX = 200
/** The message waits for it no longer; the file is there for its next edit. */
const WAIT_MS_MAX = 10_000

const Ticket = z.object({ upload_url: z.string(), file_id: z.string() })
const Done = z.object({ files: z.tuple([z.object({ permalink: z.string() })]) })

/** Resolves with the address of the file, the same for the same content, or null. */
export function uploads({ client, wait, log }: Room): (file: Attachment) => Promise<string | null> {
  const known = new Map<string, string>()

  async function upload({ name, content }: Attachment, hash: string): Promise<string> {
    const data = Buffer.from(content)
    const { upload_url: url, file_id: id } = Ticket.parse(
      await patiently(() => client.files.getUploadURLExternal({ filename: name, length: data.length }), wait),
    )
    const response = await fetch(url, { method: 'POST', body: data, signal: AbortSignal.timeout(WAIT_MS_MAX) })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`Slack did not take a file: ${response.status}`)
    const done = await patiently(() => client.files.completeUploadExternal({ files: [{ id, title: name }] }), wait)
    const [{ permalink }] = Done.parse(done).files
    if (known.size >= KEPT_MAX) known.clear()
    known.set(hash, permalink)
    return permalink
  }

  return async (file) => {
    const hash = createHash('sha256').update(file.content).digest('base64url')
    const address = known.get(hash)
    if (address !== undefined) return address
    const uploading = upload(file, hash).catch((error: unknown) => {
      log.warn({ err: error }, 'what is too long for a message could not be attached')
      return null
    })
    return within(uploading, WAIT_MS_MAX, null)
  }
}
