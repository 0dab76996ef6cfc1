// The page's modules, styles and the three libraries they use, read once: an upgrade may replace the files under a running
// page, and a browser must never get half of the old and half of the new.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { page } from './shell.ts'

const CLIENT = path.join(import.meta.dirname, 'client')
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const LIBRARIES = { 'preact.mjs': 'preact', 'hooks.mjs': 'preact/hooks', 'htm.mjs': 'htm' }
/** Starts in a thread of its own, so the page must not load it as a module. */
const WORKER = 'stream-worker.js'

type Asset = { body: string; type: string; tag: string }

export function assets(): { routes: Hono; html: string } {
  const files = new Map<string, Asset>([
    ...clientFiles().map((name) => [`/assets/${name}`, read(path.join(CLIENT, name))] as const),
    ...Object.entries(LIBRARIES).map(
      ([name, module]) => [`/vendor/${name}`, read(fileURLToPath(import.meta.resolve(module)))] as const,
    ),
  ])
  const paths = [...files.keys()]
  const routes = new Hono().get('*', (c) => {
    const asset = files.get(c.req.path)
    if (!asset) return c.json({ error: 'There is no such file.' }, 404)
    c.header('Cache-Control', 'no-cache')
    c.header('ETag', asset.tag)
    if (c.req.header('if-none-match') === asset.tag) return c.body(null, 304)
    c.header('Content-Type', asset.type)
    return c.body(asset.body)
  })
  const html = page(
    paths.filter((one) => one.endsWith('.css')),
    paths.filter((one) => /\.m?js$/.test(one) && !one.endsWith(WORKER)),
  )
  return { routes, html }
}

const clientFiles = (): string[] =>
  fs
    .readdirSync(CLIENT)
    .filter((name) => path.extname(name) in TYPES)
    .toSorted()

function read(file: string): Asset {
  const body = fs.readFileSync(file, 'utf8')
  return {
    body,
    type: TYPES[path.extname(file)] ?? 'text/plain',
    tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}
