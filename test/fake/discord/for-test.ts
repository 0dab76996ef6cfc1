// A Discord for the test that is running, which fails when anything sent to it was wrong.

import { expect, onTestFinished } from 'vitest'
import { fakeDiscord, readDescription, type FakeDiscord, type Wish } from '../discord.ts'

// Before any test, so that it counts for none.
readDescription()

export async function discordForTest(wish: Wish = {}): Promise<FakeDiscord> {
  const discord = await fakeDiscord(wish)
  onTestFinished(async () => {
    await discord.stop()
    expect(discord.violations()).toEqual([])
  })
  return discord
}
