// The facts as schemas: what stored JSON must be to become a fact again. The compiler holds them against the core's types.

import { z } from 'zod'
import type { ChoreResult, Ending, FactBody, Work } from '../../task/facts.ts'
import type { HouseFactBody } from '../../task/house.ts'
import type { Ask, AskedBy, Option, Vote } from '../../task/request.ts'
import type { Requirement } from '../../task/requirement.ts'
import type { AgentLimits, Place } from '../../task/words.ts'
import { actor, exactly, field, messageRef, style, texts } from './words-schema.ts'

const text = z.string()
const number = z.number()

const limits = exactly<AgentLimits>()(z.object({ guidance: z.boolean(), resume: z.boolean(), questions: z.boolean() }))

const place = exactly<Place>()(z.object({ chat: text, channel: text, thread: text.exactOptional() }))

const work = exactly<Work>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('here'), repo: text.nullable(), path: text }),
    z.object({
      kind: z.literal('worktree'),
      repo: text,
      path: text,
      worktree: text,
      branch: text,
      base: text.nullable(),
    }),
  ]),
)

const exit = z.union([z.object({ code: number }), z.object({ signal: text })])

const ending = exactly<Ending>()(
  z.object({
    durationMs: number.exactOptional(),
    exit: exit.exactOptional(),
    output: text.exactOptional(),
    changes: z.object({ files: number, added: number, removed: number }).exactOptional(),
    files: z.array(z.object({ path: text, added: number, removed: number })).exactOptional(),
    reports: z.array(text).exactOptional(),
    branch: text.exactOptional(),
    check: z.object({ command: text, exit: exit.nullable(), output: text, why: text.exactOptional() }).exactOptional(),
    costUsd: number.exactOptional(),
    tokens: number.exactOptional(),
    eventsHash: text.exactOptional(),
  }),
)

const option = exactly<Option>()(
  z.object({
    id: text,
    label: text,
    effect: z.enum(['allow', 'deny', 'answer']),
    style: style.exactOptional(),
    fields: z.array(field).exactOptional(),
    rule: text.exactOptional(),
    grants: z.enum(['task', 'repo']).exactOptional(),
    stops: z.boolean().exactOptional(),
  }),
)

const requirement = exactly<Requirement>()(
  z.object({
    rule: text,
    approvers: number.exactOptional(),
    from: z.array(text).exactOptional(),
    reason: z.literal(true).exactOptional(),
    hours: z.object({ from: number, to: number, zone: text }).exactOptional(),
  }),
)

const askedBy = exactly<AskedBy>()(
  z.union([z.object({ rule: text, at: text, part: text.exactOptional() }), z.enum(['none', 'unclear'])]),
)

const ask = exactly<Ask>()(
  z.object({
    id: text,
    kind: z.enum(['permission', 'question', 'plan']),
    title: text,
    detail: text,
    syntax: z.literal('diff').exactOptional(),
    warnings: z.array(text).exactOptional(),
    tool: text.exactOptional(),
    inputHash: text.exactOptional(),
    why: text.exactOptional(),
    askedBy: askedBy.exactOptional(),
    requires: z.array(requirement).exactOptional(),
    options: z.array(option),
  }),
)

const vote = exactly<Vote>()(
  z.object({ by: actor, at: number, option: text, values: texts, as: z.array(text).exactOptional() }),
)

const choreKind = z.enum(['commit', 'discard', 'restore'])

const choreResult = exactly<ChoreResult>()(
  z.discriminatedUnion('what', [
    z.object({ what: z.literal('commit'), commit: text.nullable(), branch: text }),
    z.object({ what: z.literal('discard'), ref: text, commit: text, until: number }),
    z.object({ what: z.literal('restore'), branch: text }),
  ]),
)

export const factBody = exactly<FactBody>()(
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('created'),
      label: text,
      agent: text,
      limits,
      prompt: text,
      work,
      place,
      options: texts,
      source: messageRef.exactOptional(),
    }),
    z.object({
      type: z.literal('prompted'),
      turn: number,
      text,
      guidance: z.array(text),
      source: messageRef.exactOptional(),
    }),
    z.object({ type: z.literal('attempt_started'), attempt: number }),
    z.object({ type: z.literal('identified'), attempt: number, seq: number, session: text }),
    z.object({ type: z.literal('requested'), attempt: number, seq: number, ask, need: number }),
    z.object({
      type: z.literal('voted'),
      request: text,
      option: text,
      values: texts,
      inputHash: text.exactOptional(),
      as: z.array(text).exactOptional(),
    }),
    z.object({ type: z.literal('settled'), guidance: z.array(text).exactOptional(), request: text, vote }),
    z.object({ type: z.literal('withdrawn'), request: text, reason: text, seq: number.exactOptional() }),
    z.object({ type: z.literal('delivered'), request: text, attempt: number, seq: number }),
    z.object({
      type: z.literal('guided'),
      guidance: text,
      text,
      source: messageRef.exactOptional(),
      outsider: z.literal(true).exactOptional(),
    }),
    z.object({ type: z.literal('guidance_delivered'), guidance: text, attempt: number, seq: number }),
    z.object({ type: z.literal('reminded'), request: text }),
    z.object({ type: z.literal('parked'), attempt: number }),
    z.object({ type: z.literal('stop_asked'), interrupt: z.literal(true).exactOptional() }),
    z.object({ type: z.literal('lost'), attempt: number, began: z.boolean(), reason: text }),
    z.object({ type: z.literal('completed'), attempt: number, seq: number, summary: text, ending }),
    z.object({ type: z.literal('failed'), attempt: number, seq: number, reason: text, ending }),
    z.object({ type: z.literal('cancelled'), by: actor, ending, interrupted: z.literal(true).exactOptional() }),
    z.object({ type: z.literal('attached'), terminal: z.object({ pid: number, start: text, boot: text }) }),
    z.object({ type: z.literal('detached') }),
    z.object({ type: z.literal('chore_asked'), chore: text, what: choreKind, message: text.exactOptional() }),
    z.object({ type: z.literal('chore_done'), chore: text, result: choreResult }),
    z.object({ type: z.literal('chore_failed'), chore: text, reason: text }),
    z.object({ type: z.literal('discard_expired'), chore: text }),
  ]),
)

export const houseFactBody = exactly<HouseFactBody>()(
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('repo_added'), name: text, path: text, base: text.nullable() }),
    z.object({ type: z.literal('repo_removed'), name: text }),
    z.object({ type: z.literal('pairing_opened'), salt: text, hash: text }),
    z.object({ type: z.literal('pairing_failed') }),
    z.object({ type: z.literal('paired'), owner: actor }),
    z.object({ type: z.literal('configured'), settings: text }),
    z.object({ type: z.literal('notify_set'), notify: z.enum(['on-block', 'on-complete', 'always', 'off']) }),
    z.object({
      type: z.literal('rule_granted'),
      rule: text,
      repo: text.nullable(),
      task: text,
      request: text,
    }),
    z.object({ type: z.literal('rule_revoked'), granted: number }),
    z.object({
      type: z.literal('refused_caller'),
      door: z.enum(['command line', 'page']),
      verb: text,
      task: text,
      attempt: number,
      pid: number,
    }),
  ]),
)
