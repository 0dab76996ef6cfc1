// What the smoke test of a real Discord would see, against ours.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { discordForTest } from '../fake/discord/for-test.ts'
import { home } from '../support/home.ts'

const SMOKE = path.join(import.meta.dirname, '../smoke/discord.ts')

test('smoke:discord goes through and leaves nothing behind', async () => {
  const discord = await discordForTest()
  const channel = discord.world.channel('general')
  const env = {
    PATH: process.env['PATH'] ?? '',
    BACKCHANNEL_HOME: await home(),
    BACKCHANNEL_TEST: process.env['BACKCHANNEL_TEST'] ?? '',
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.api,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [SMOKE, channel.id], { env })
  expect(stdout).toContain('All of it works.')
  expect(stdout).not.toContain('FAILED Discord token')
  expect(discord.world.in(channel.id)).toEqual([])
})
