// The bare hops in Slack: an app of Bolt as its documentation begins, that answers a command with a message and a click with an edit.
// A process of its own, as `up` is.

import { App } from '@slack/bolt'

const { SLACK_BOT_TOKEN: token = '', SLACK_APP_TOKEN: appToken = '', SLACK_API_URL: slackApiUrl = '' } = process.env
const app = new App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl } })

const blocks = [
  { type: 'section', text: { type: 'plain_text', text: 'x'.repeat(600) } },
  { type: 'actions', elements: [{ type: 'button', action_id: 'stop', text: { type: 'plain_text', text: 'Stop' } }] },
]

app.command(/.*/u, async ({ command, ack, client }) => {
  await ack()
  if (command.text !== 'help') await client.chat.postMessage({ channel: command.channel_id, text: 'card', blocks })
})
app.action(/.*/u, async ({ body, ack, client }) => {
  await ack()
  const { channel, container } = body as { channel?: { id: string }; container?: { message_ts?: string } }
  await client.chat.update({ channel: channel?.id ?? '', ts: container?.['message_ts'] ?? '', text: 'card', blocks })
})

await app.start()
console.log('Ctrl-C')
