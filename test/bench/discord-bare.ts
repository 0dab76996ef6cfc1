// A bot that only echoes, over the bare library: a card for a command, an edit for a click. Its gateway says when it is ready.
//   discord-bare.ts API TOKEN

import { Client, Events, GatewayIntentBits, MessageFlags, type Interaction } from 'discord.js'

const [, , api = '', token = ''] = process.argv
const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api, version: '10' } })
const row = {
  type: 1 as const,
  components: [{ type: 2 as const, style: 2 as const, label: 'Press', custom_id: 'press' }],
}

async function answer(interaction: Interaction): Promise<void> {
  if (interaction.isChatInputCommand()) {
    await interaction.reply({ content: 'Taken.', flags: MessageFlags.Ephemeral })
    await client.rest.post(`/channels/${interaction.channelId}/messages`, {
      body: { content: 'A card', components: [row] },
    })
  }
  if (interaction.isButton()) {
    await interaction.deferUpdate()
    const route = `/channels/${interaction.channelId}/messages/${interaction.message.id}` as const
    await client.rest.patch(route, { body: { content: 'Pressed', components: [] } })
  }
}

client.on(Events.InteractionCreate, (interaction) => void answer(interaction))
client.on(Events.Error, () => {})
await client.login(token)
