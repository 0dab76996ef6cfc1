// Files of a workspace as the page hands them out. An agent wrote them, so nothing in them may run, load or look at the page:
// a sandbox without scripts and an origin of its own, and only types a browser shows as what they are.

import type { Context } from 'hono'
import { extname } from 'node:path'
import type { Views } from '../../bot/views.ts'

const TEXT = 'text/plain; charset=utf-8'
const SHOWN: Record<string, string> = {
  ...Object.fromEntries(['.md', '.txt', '.csv', '.tsv', '.json', '.log'].map((type) => [type, TEXT])),
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
const AFTER = '/files/'

export async function workspaceFile(c: Context, views: Views): Promise<Response> {
  const name = nameIn(c.req.url)
  if (name === null) return c.json({ error: 'This is not the name of a file.' }, 404)
  const found = await views.file(c.req.param('id') ?? '', name)
  if ('refused' in found) return c.json({ error: found.refused }, 404)
  const type = SHOWN[extname(name).toLowerCase()]
  c.header('Content-Security-Policy', POLICY)
  c.header('Content-Type', type ?? 'application/octet-stream')
  c.header('Content-Length', String(found.bytes))
  if (!type) c.header('Content-Disposition', 'attachment')
  return c.body(found.body)
}

function nameIn(url: string): string | null {
  const { pathname } = new URL(url)
  try {
    return decodeURIComponent(pathname.slice(pathname.indexOf(AFTER) + AFTER.length))
  } catch {
    return null
  }
}
