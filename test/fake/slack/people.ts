// The hands and eyes of somebody in the local Slack: what they type, click, fill in and open arrives as the payloads that the real
// one sends; what comes back is what they would see.
import { wire } from './messages.ts'
import type { Json } from './spec.ts'
import type { Ack, Sockets } from './socket.ts'
import { BOT, TEAM, type Message, type View, type World } from './state.ts'

/** `error`: what Slack itself shows when the app did not answer. */
export type Seen = { error: string } | { said: Json | null; ms: number }
/** What is filled in: by the label of a field, a text, or what is chosen. */
export type Filling = Record<string, string | string[]>
export type Wish = { key?: string }

type Room = { world: World; sockets: Sockets; url: string }
type Said = { thread?: string; key?: string; file?: boolean; broadcast?: boolean }

const NOT_ANSWERED = 'operation_timeout'

export type Hands = ReturnType<typeof hands>

export function hands({ world, sockets, url }: Room, id: string) {
  const user = () => ({ id, username: world.people.get(id)?.name ?? id, team_id: TEAM })
  const common = () => ({
    api_app_id: 'A0',
    team: { id: TEAM, domain: 'local' },
    user: user(),
    is_enterprise_install: false,
  })

  function responseUrl(channel: string, thread?: string, original?: string): string {
    const key = world.next('R')
    const more = { ...(thread && { thread_ts: thread }), ...(original && { original }) }
    world.responses.set(key, { user: id, channel, left: 5, ...more })
    return url.replace('/api/', `/respond/${key}`)
  }

  /** What stands under a command after it was acknowledged. */
  function seen(ack: Ack | null, channel: string): Seen {
    if (!ack) return { error: NOT_ANSWERED }
    const { text = '', blocks } = ack.payload as { text?: string; blocks?: Json[] }
    if (text !== '' || blocks)
      world.ephemerals.push({ ts: world.ts(), user: id, channel, text, ...(blocks && { blocks }), at: Date.now() })
    return { said: Object.keys(ack.payload).length > 0 ? ack.payload : null, ms: ack.ms }
  }

  return {
    id,
    /** A slash command. `key`: its trigger, when the same one is to be delivered again. */
    async command(channel: string, text: string, { key = world.next('trigger.') }: Wish = {}): Promise<Seen> {
      const trigger = world.trigger(id, key)
      const payload = {
        command: '/bg',
        text,
        user_id: id,
        user_name: user().username,
        channel_id: channel,
        channel_name: world.channels.get(channel)?.name ?? '',
        team_id: TEAM,
        team_domain: 'local',
        trigger_id: trigger,
        response_url: responseUrl(channel),
        api_app_id: 'A0',
        is_enterprise_install: 'false',
        token: 'x',
      }
      return seen(await sockets.send('slash_commands', payload, { accepts_response_payload: true }), channel)
    },
    /** Says something; resolves with the message once the app has it (or not). `@bg` in it mentions the bot. */
    async says(channel: string, typed: string, said: Said = {}): Promise<Message & { arrived: boolean }> {
      const message = this.writes(channel, typed, said)
      return { ...message, arrived: await this.delivers(message) }
    },
    /** Says something that the app is not told of, as while it is away. */
    writes(channel: string, typed: string, { thread, file, broadcast }: Said = {}): Message {
      const text = markup(typed)
      const message: Message = {
        ts: world.ts(),
        channel,
        user: id,
        text,
        ...(thread !== undefined && { thread_ts: thread }),
        ...(file && { subtype: 'file_share' }),
        ...(broadcast && { subtype: 'thread_broadcast' }),
        reactions: [],
        edits: 0,
        files: file ? ['F0THEIRS'] : [],
      }
      world.messages.push(message)
      return message
    },
    /** Tells the app of a message: once as a message, and once more when it mentions the bot. */
    async delivers(message: Message): Promise<boolean> {
      const kind = world.channels.get(message.channel)?.kind ?? 'channel'
      const event = { ...wire(world, message), channel_type: kind, event_ts: message.ts }
      const all = [{ ...event, type: 'message' }]
      if (message.text.includes(`<@${BOT.id}>`) && kind !== 'im') all.push({ ...event, type: 'app_mention' })
      return (await Promise.all(all.map((one) => sockets.event(envelope(world, one))))).every(Boolean)
    },
    /** Clicks a button by its label or id. */
    async clicks(
      channel: string,
      ts: string,
      button: string,
      { key = world.next('trigger.') }: Wish = {},
    ): Promise<Seen> {
      const message = world.find(channel, ts)
      const whisper = world.ephemerals.find((one) => one.user === id && one.ts === ts)
      const found = buttonIn(message?.blocks ?? whisper?.blocks ?? [], button)
      const payload = {
        type: 'block_actions',
        ...common(),
        channel: { id: channel, name: world.channels.get(channel)?.name ?? '' },
        container: {
          type: 'message',
          message_ts: ts,
          channel_id: channel,
          ...(whisper && { is_ephemeral: true }),
          ...((message ?? whisper)?.thread_ts !== undefined && { thread_ts: (message ?? whisper)?.thread_ts }),
        },
        ...(message && { message: wire(world, message) }),
        state: { values: {} },
        actions: [{ ...(found ?? { action_id: button }), type: 'button', block_id: 'b', action_ts: world.ts() }],
        trigger_id: world.trigger(id, key),
        response_url: responseUrl(channel, (message ?? whisper)?.thread_ts, whisper?.ts),
      }
      return seen(await sockets.send('interactive', payload, { accepts_response_payload: false }), channel)
    },
    /** Clicks a button of their home. */
    async clicksAtHome(button: string): Promise<Seen> {
      const home = world.homes.get(id)
      const payload = {
        type: 'block_actions',
        ...common(),
        container: { type: 'view', view_id: home?.id },
        view: home,
        state: { values: {} },
        actions: [
          { ...(buttonIn(home?.blocks ?? [], button) ?? { action_id: button }), type: 'button', action_ts: world.ts() },
        ],
        trigger_id: world.trigger(id, world.next('trigger.')),
      }
      return seen(await sockets.send('interactive', payload, { accepts_response_payload: false }), id)
    },
    async opensHome(): Promise<boolean> {
      const event = { type: 'app_home_opened', user: id, channel: world.im(id).id, tab: 'home', event_ts: world.ts() }
      return sockets.event(envelope(world, event))
    },
    async shortcut(message: Message): Promise<Seen> {
      const payload = {
        type: 'message_action',
        callback_id: 'bg_from_message',
        ...common(),
        channel: { id: message.channel, name: '' },
        message_ts: message.ts,
        message: wire(world, message),
        trigger_id: world.trigger(id, world.next('trigger.')),
        response_url: responseUrl(message.channel),
      }
      return seen(await sockets.send('interactive', payload, { accepts_response_payload: false }), message.channel)
    },
    /** The window in front of them, the newest one. */
    window: (): View | undefined => [...world.views.values()].findLast((one) => one.user === id),
    /** Fills in the window in front and sends it; what the window says then, or null when it closed. */
    async submits(
      filling: Filling,
    ): Promise<{ error: string } | { errors: Record<string, string> } | { view: View } | null> {
      const view = [...world.views.values()].findLast((one) => one.user === id)
      if (!view) throw new Error('there is no window to send')
      const values = filled(view.blocks, filling)
      const payload = {
        type: 'view_submission',
        ...common(),
        trigger_id: world.trigger(id, world.next('trigger.')),
        view: { ...view, state: { values }, root_view_id: view.id, app_installed_team_id: TEAM },
        response_urls: [],
      }
      const ack = await sockets.send('interactive', payload, { accepts_response_payload: true })
      if (!ack) return { error: NOT_ANSWERED }
      const action = ack.payload as { response_action?: string; errors?: Record<string, string>; view?: Json }
      if (action.response_action === 'errors') return { errors: action.errors ?? {} }
      if (action.view) {
        const shown = { ...(action.view as View), id: view.id, hash: world.next('h'), user: id }
        world.views.set(view.id, shown)
        return { view: shown }
      }
      world.views.delete(view.id)
      return null
    },
    /** The newest message that only they see. */
    whisper: () => world.ephemerals.findLast((one) => one.user === id),
    /** What they alone were shown so far. */
    whispers: (): string[] => world.ephemerals.filter((one) => one.user === id).map((one) => one.text),
  }
}

export const envelope = (world: World, event: Json): Json => ({
  type: 'event_callback',
  event_id: world.next('Ev'),
  event_time: Math.floor(Date.now() / 1_000),
  team_id: TEAM,
  api_app_id: 'A0',
  authorizations: [{ enterprise_id: null, team_id: TEAM, user_id: BOT.id, is_bot: true }],
  event,
})

type Button = { action_id: string; text: { text: string }; value?: string }

export const buttonsIn = (blocks: Json[]): Button[] =>
  blocks.flatMap((block) => (block['type'] === 'actions' ? (block['elements'] as Button[]) : []))

const buttonIn = (blocks: Json[], wanted: string): Button | undefined =>
  buttonsIn(blocks).find((one) => one.action_id === wanted || one.text.text === wanted)

/** As a person's words arrive: three characters escaped, mentions of the bot and addresses marked. */
const markup = (typed: string): string =>
  typed
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@bg\b/gu, `<@${BOT.id}>`)
    .replaceAll(/(?<!<)@(U0\w+)/gu, '<@$1>')
    .replaceAll(/https?:\/\/[^\s<]+/gu, '<$&>')

type Input = {
  type: string
  block_id: string
  label: { text: string }
  optional?: boolean
  element: Json & { options?: Json[] }
}

/** The state of a window that was filled in. What the real one would not let through is an error here. */
function filled(blocks: Json[], filling: Filling): Json {
  const inputs = blocks.filter((block) => block['type'] === 'input') as unknown as Input[]
  const strange = Object.keys(filling).find((label) => !inputs.some((one) => isNamed(one, label)))
  if (strange !== undefined)
    throw new Error(`there is no field ${strange}: ${inputs.map((one) => one.label.text).join(', ')}`)
  return Object.fromEntries(
    inputs.map((input) => {
      const given = Object.entries(filling).find(([label]) => isNamed(input, label))?.[1]
      if (given === undefined && !input.optional && input.element['initial_value'] === undefined)
        throw new Error(`${input.label.text} must be filled in`)
      return [input.block_id, { [String(input.element['action_id'])]: valueOf(input, given) }]
    }),
  )
}

const isNamed = (input: Input, label: string): boolean => input.label.text === label || input.block_id === label

function valueOf({ element }: Input, given: string | string[] | undefined): Json {
  const options = (element.options ?? []) as { text: { text: string }; value: string }[]
  const chosen = [given ?? []].flat().map((one) => {
    const found = options.find(({ text }) => text.text === one)
    if (!found && options.length > 0) throw new Error(`${one} cannot be chosen`)
    return found
  })
  switch (element['type']) {
    case 'plain_text_input':
      return { type: 'plain_text_input', value: given ?? element['initial_value'] ?? null }
    case 'static_select':
    case 'radio_buttons':
      return { type: element['type'], selected_option: chosen[0] ?? element['initial_option'] ?? null }
    default:
      return {
        type: element['type'],
        selected_options: given === undefined ? (element['initial_options'] ?? []) : chosen,
      }
  }
}
