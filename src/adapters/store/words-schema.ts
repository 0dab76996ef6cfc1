// The shared words as schemas, for stored JSON. Unknown keys are left out: a newer version may have added them.

import { z } from 'zod'
import type { Field } from '../../task/request.ts'
import type { Actor, MessageRef } from '../../task/words.ts'

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the compiler compares two such functions by identity of A and B
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Lets a schema through only if what it parses is exactly `T`: not even an optional key more or less. */
export const exactly =
  <T>() =>
  <S extends z.ZodType>(schema: S & (Same<z.infer<S>, T> extends true ? unknown : never)): S =>
    schema

export const actor = exactly<Actor>()(z.object({ chat: z.string(), id: z.string(), name: z.string() }))

export const messageRef = exactly<MessageRef>()(z.object({ chat: z.string(), channel: z.string(), id: z.string() }))

export const texts = z.record(z.string(), z.string())

export const style = z.enum(['primary', 'danger'])

export const field = exactly<Field>()(
  z.object({
    id: z.string(),
    label: z.string(),
    required: z.boolean(),
    prefill: z.string().exactOptional(),
    choices: z.array(z.object({ label: z.string(), description: z.string().exactOptional() })).exactOptional(),
    multi: z.boolean().exactOptional(),
    closed: z.boolean().exactOptional(),
    long: z.boolean().exactOptional(),
  }),
)
