// Stored JSON becomes a value again only through a schema; what does not fit names the row it was read from.

import type { z } from 'zod'
import { StoreError } from './store-error.ts'

export function parseStored<T>(schema: z.ZodType<T>, json: string, row: string): T {
  return parseValue(schema, parseJson(json, row), row)
}

export function parseValue<T>(schema: z.ZodType<T>, value: unknown, row: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
  throw new StoreError(`${row} cannot be read: ${issue?.message ?? 'it has another shape'}${place}.`, {
    cause: parsed.error,
  })
}

export function parseJson(json: string, row: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new StoreError(`${row} cannot be read: it is not JSON.`, { cause: error })
  }
}
