// Interactions of our Discord: what a person did with a command, a button or a form, and the application's answers to it, within 3
// seconds for the first and 15 minutes for the rest, each interaction answered once.

import { Refusal, type Answer, type Call, type Route } from './rest.ts'
import { channelOf, type Ground } from './ground.ts'
import { addMessage, change } from './messages.ts'
import { EPHEMERAL, wrongForm, wrongMessage, type Body } from './rules.ts'
import { channelBody, messageBody, type Channel, type Component, type Message, type User } from './world.ts'

const FIRST_MS = 3_000
const TOKEN_MS = 15 * 60_000

export type Form = { custom_id: string; title: string; components: Component[] }
export type Callback = { type: number; data?: Body & Form & { choices?: { name: string; value: string }[] } }

export type Interaction = {
  id: string
  token: string
  at: number
  user: User
  channel: Channel
  payload: object
  /** The message it was done to. */
  on: Message | null
  callback: Callback | null
  /** Milliseconds until it was answered. */
  took: number | null
  /** What was said to it, the first of them as its answer; shown to its person alone where it is ephemeral. */
  original: Message | null
  followups: Message[]
}

export type Interactions = ReturnType<typeof interactions>

export function interactions(ground: Ground) {
  const { world, gateway } = ground
  const all = new Map<string, Interaction>()
  /** Moved by tests, so that nobody waits for 15 minutes. */
  const clock = { ahead: 0 }
  const age = ({ at }: Interaction, now = Date.now()): number => now + clock.ahead - at

  function callback({ params, body, files, at }: Call): Answer {
    const found = all.get(params[1] ?? '')
    if (!found || found.id !== params[0] || age(found, at) > FIRST_MS)
      throw new Refusal(404, 10062, 'Unknown interaction')
    if (found.callback) throw new Refusal(400, 40060, 'Interaction has already been acknowledged.')
    const given = body as Callback
    const wrong = wrongCallback(
      given,
      found,
      files.map(({ name }) => name),
    )
    if (wrong) throw new Refusal(400, 50035, wrong)
    found.callback = given
    found.took = age(found, at)
    const said = given.data ?? ({} as Body)
    if (given.type === 4 || given.type === 5) found.original = say(found, said, files, given.type === 5)
    if (given.type === 7 && found.on) change(world, found.on, { body: said, files } as unknown as Call)
    return { status: 204 }
  }

  function say(interaction: Interaction, body: Body, files: Call['files'], thinks = false): Message {
    const { channel, user } = interaction
    const isHidden = ((body.flags ?? 0) & EPHEMERAL) !== 0
    const shown = thinks ? { ...body, content: '' } : body
    if (!isHidden) return addMessage(ground, channel, world.bot, shown, { files })
    const id = world.newId()
    const message: Message = {
      id,
      channel_id: channel.id,
      author: world.bot,
      content: shown.content ?? '',
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      type: 20,
      flags: shown.flags ?? 0,
      components: shown.components ?? [],
      attachments: files.map(({ name, data, type }) => world.attach(name, data, type)),
      mentions: [],
      reacted: new Map(),
      pinged: [],
      only: user.id,
    }
    world.messages.set(id, message)
    return message
  }

  function ofToken(token = ''): Interaction {
    const found = all.get(token)
    if (!found?.callback) throw new Refusal(404, 10015, 'Unknown Webhook')
    if (age(found) > TOKEN_MS) throw new Refusal(401, 50027, 'Invalid Webhook Token')
    return found
  }

  function editOriginal(call: Call): Answer {
    const found = ofToken(call.params[0])
    if (!found.original) throw new Refusal(404, 10008, 'Unknown Message')
    change(world, found.original, call)
    return { status: 200, body: messageBody(found.original, world) }
  }

  function deleteOriginal({ params }: Call): Answer {
    const found = ofToken(params[0])
    if (found.original) world.messages.delete(found.original.id)
    found.original = null
    return { status: 204 }
  }

  function followUp({ params, body, files }: Call): Answer {
    const found = ofToken(params[0])
    const wrong = wrongMessage(
      body as Body,
      null,
      files.map(({ name }) => name),
    )
    if (wrong) throw new Refusal(400, 50035, wrong)
    const message = say(found, body as Body, files)
    found.followups.push(message)
    return { status: 200, body: messageBody(message, world) }
  }

  const own: Route[] = [
    ['POST', /^\/interactions\/(\d+)\/([^/]+)\/callback$/u, callback],
    ['PATCH', /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/u, editOriginal],
    ['DELETE', /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/u, deleteOriginal],
    ['POST', /^\/webhooks\/\d+\/([^/]+)$/u, followUp],
  ]

  function tell({ payload }: Interaction): void {
    gateway().dispatch('INTERACTION_CREATE', 0, () => payload)
  }

  return {
    routes: own,
    clock,
    /** Those that nobody answered in time. */
    unanswered: () => [...all.values()].filter((one) => !one.callback && age(one) > FIRST_MS),
    tell,
    begin(user: User, channelId: string, type: number, data: object, on: Message | null = null): Interaction {
      const channel = channelOf(world, channelId)
      const [id, token] = [world.newId(), world.token()]
      const member = {
        user,
        roles: world.roles.get(user.id) ?? [],
        nick: null,
        permissions: '0',
        joined_at: new Date().toISOString(),
        deaf: false,
        mute: false,
        flags: 0,
      }
      const payload = {
        id,
        token,
        type,
        version: 1,
        application_id: world.application,
        data,
        channel_id: channel.id,
        channel: channelBody(channel),
        ...(channel.guild_id ? { guild_id: channel.guild_id, member, context: 0 } : { user, context: 1 }),
        ...(on && { message: messageBody(on, world) }),
        locale: 'en-US',
        entitlements: [],
        authorizing_integration_owners: {},
        attachment_size_limit: 10_485_760,
      }
      const interaction: Interaction = {
        id,
        token,
        at: Date.now() + clock.ahead,
        user,
        channel,
        payload,
        on,
        callback: null,
        took: null,
        original: null,
        followups: [],
      }
      all.set(token, interaction)
      tell(interaction)
      return interaction
    },
  }
}

function wrongCallback({ type, data }: Callback, { on, payload }: Interaction, files: string[]): string | null {
  const asked = (payload as { type: number }).type
  if (type === 9) return asked === 5 ? 'a form cannot be answered with a form' : wrongForm(data as Form)
  if ((type === 6 || type === 7) && !on) return 'there is no message to update'
  if (asked === 4 && type !== 8) return 'a completion is answered with choices'
  return type === 4 ? wrongMessage(data as Body, null, files) : null
}
