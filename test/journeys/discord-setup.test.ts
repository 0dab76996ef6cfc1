// Setting up Discord and looking whether it still works, with the real command line against a Discord of ours.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { discordForTest } from '../fake/discord/for-test.ts'
import { until } from '../support/until.ts'
import { house } from './house.ts'

const LONG = 120_000

test(
  'setup asks for the token, checks it, registers the commands, keeps it for its owner alone, and prints how to become one',
  { timeout: LONG },
  async () => {
    const discord = await discordForTest()
    const here = await house({ env: { DISCORD_API_URL: discord.api } })
    const wrong = await here.cli(['setup', 'discord', '--token', 'wrong'])
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(/^backchannel: Discord does not accept DISCORD_BOT_TOKEN/u)

    const { code, out, err } = await here.cli(['setup', 'discord'], { input: `${discord.token}\n` })
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('developers/applications')
    expect(out).toContain(`client_id=${discord.world.application}&scope=bot+applications.commands&permissions=`)
    expect(out).toContain('ok      Discord server The team: it may do what it needs there')
    expect(out).not.toContain(discord.token)
    expect(discord.world.commands).toHaveLength(2)
    const file = path.join(here.home, 'chats.yaml')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)

    // From now on it is there, without anything in the environment.
    const up = await here.up({ env: { DISCORD_API_URL: '' } })
    expect(up.words()).toContain('the local page, Discord')
    const [ann, channel] = [discord.world.person('ann'), discord.world.channel('general')]
    const text = /\/bg pair (\S+)/u.exec(out)?.[1] ?? ''
    const paired = await discord.people.answered(discord.people.slash(ann, channel.id, 'pair', { text }))
    await until(() => paired.original && discord.people.reads(paired.original).includes('is an owner here'))
    expect((await here.cli(['doctor'])).out).toContain('ok      Discord commands: /bg is there')
    expect(await up.end()).toBe(0)
  },
)

test(
  'doctor says what Discord does not let it do, and without a server how to invite it',
  { timeout: LONG },
  async () => {
    const discord = await discordForTest({ contentIntent: false })
    const here = await house({ env: { DISCORD_API_URL: discord.api, DISCORD_BOT_TOKEN: discord.token } })
    discord.may.permissions = String(1 << 10)
    const first = await here.cli(['doctor'])
    expect(first.out).toContain('MISSING Discord server The team: give its role there: Add Reactions, Send Messages, ')
    expect(first.out).toContain('ok      Discord messages: It cannot read messages that do not name it')
    expect(first.out).toContain('MISSING Discord commands: /bg is not there')
    discord.world.guild.name = ''
    expect((await here.cli(['doctor'])).out).toContain(
      'MISSING Discord server: it is in none yet: open https://discord.com/oauth2/authorize?client_id=',
    )
    await discord.rest.stop()
    expect((await here.cli(['doctor'])).out).toContain('MISSING Discord token: Discord cannot be reached')
    await discord.rest.again()
  },
)
