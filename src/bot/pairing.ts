// Codes of pairings: made, hashed, and held against each other in a time that tells nothing about them.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { recordHouse, type HouseJournal } from '../runner/journal.ts'
import { pair, WRONG } from '../task/pairing.ts'
import { isRefused, refuse, type Actor, type Instant, type Refused } from '../task/words.ts'

type Place = { house: HouseJournal; now: () => Instant }

const CHARS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_CHARS = 12
/** Beyond it a byte would favour the first characters. */
const FAIR = 256 - (256 % CHARS.length)

/** Opens a pairing; the code of the one before works no more. The code exists nowhere but in the answer. */
export async function openedPairing({ house, now }: Place, by: Actor): Promise<string> {
  const code = newCode()
  const salt = randomBytes(16).toString('hex')
  await recordHouse(house, () => [{ type: 'pairing_opened', salt, hash: hashOf(code, salt).toString('hex') }], {
    by,
    now,
  })
  return code.replaceAll(/.{4}(?=.)/gu, '$&-')
}

/** Makes `by` an owner when this is the code that is awaited. */
export async function pairWith({ house, now }: Place, by: Actor, said: string): Promise<Refused | null> {
  const code = said.toUpperCase().replaceAll(/[\s-]/gu, '')
  const matches = ({ salt, hash }: { salt: string; hash: string }) =>
    timingSafeEqual(hashOf(code, salt), Buffer.from(hash, 'hex'))
  const done = await recordHouse(house, (facts, at) => pair(facts, { by, matches }, at), { by, now })
  if (isRefused(done)) return done
  return done[0]?.type === 'paired' ? null : refuse(WRONG)
}

function newCode(): string {
  let code = ''
  while (code.length < CODE_CHARS) {
    for (const byte of randomBytes(CODE_CHARS)) if (byte < FAIR) code += CHARS[byte % CHARS.length]
  }
  return code.slice(0, CODE_CHARS)
}

const hashOf = (code: string, salt: string): Buffer => createHash('sha256').update(`${salt} ${code}`).digest()
