// A Discord of our own on 127.0.0.1 that the real library connects to: REST and gateway, threads, forms, files, budgets and faults.
// What it is sent is held against Discord's own description and against the rules that one does not carry; `violations` has to stay empty.

import { gateway, type Gateway } from './discord/gateway.ts'
import { interactions } from './discord/interactions.ts'
import { people } from './discord/people.ts'
import { restServer, type Budget } from './discord/rest.ts'
import type { Ground } from './discord/ground.ts'
import { routes } from './discord/routes.ts'
import { discordSpec, withoutDiscordSpec } from './discord/spec.ts'
import { World } from './discord/world.ts'

const TOKEN = 'MTIzNDU2Nzg5.fake.discord-token'
/** Enough that nothing waits where a test is about something else. */
const PLENTY: Budget[] = [
  { method: 'POST', path: /^\/channels\/\d+\/messages$/u, limit: 1000, windowMs: 1000 },
  { method: 'PATCH', path: /^\/channels\/\d+\/messages\/\d+$/u, limit: 1000, windowMs: 1000 },
]

export type FakeDiscord = Awaited<ReturnType<typeof fakeDiscord>>
export type Wish = { budgets?: Budget[]; contentIntent?: boolean; heartbeatMs?: number; checked?: boolean }

let spec: ReturnType<typeof discordSpec> | null = null
/** Compiling the description takes seconds, half a minute where others work beside. */
export const readDescription = (): void => {
  if (!withoutDiscordSpec) spec ??= discordSpec()
}

export async function fakeDiscord({
  budgets = PLENTY,
  contentIntent = true,
  heartbeatMs = 30_000,
  checked = true,
}: Wish = {}) {
  const world = new World()
  /** `gateway`: whether it takes the intent, whatever the application is told. */
  const may = { content: contentIntent, gateway: true, permissions: '' }
  let gate: Gateway | null = null
  const ground: Ground = {
    world,
    gateway: () => gate as Gateway,
    contentIntent: () => may.content,
    permissions: () => may.permissions,
  }
  const asked = interactions(ground)
  if (checked) readDescription()
  const settings = { spec: checked ? spec : null, token: TOKEN, budgets }
  const rest = await restServer(settings, [...asked.routes, ...routes(ground)], (id) => world.files.get(id))
  world.cdn = `http://127.0.0.1:${rest.port}`
  gate = gateway(rest.server, { token: TOKEN, world, contentIntent: () => may.content && may.gateway, heartbeatMs })
  return {
    api: `${world.cdn}/api`,
    token: TOKEN,
    world,
    may,
    rest,
    gateway: gate,
    asked,
    people: people(ground, asked),
    violations: () => [
      ...rest.violations,
      ...asked.unanswered().map(({ payload }) => `not answered in time: ${JSON.stringify(payload).slice(0, 200)}`),
    ],
    async stop(): Promise<void> {
      gate?.stop()
      await rest.stop()
    },
  }
}
