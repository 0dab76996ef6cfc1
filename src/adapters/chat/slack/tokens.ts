// The two tokens, and what is wrong with them before Slack is asked.

export const BOT_TOKEN_NAME = 'SLACK_BOT_TOKEN'
export const APP_TOKEN_NAME = 'SLACK_APP_TOKEN'

const WHERE = '“backchannel setup slack” says where it is'

/** A token in the place of the other, or none at all. */
export function wrongTokens(bot: string, app: string): string | null {
  if (bot.startsWith('xapp-'))
    return `${BOT_TOKEN_NAME} is an app-level token (xapp-…): it belongs into ${APP_TOKEN_NAME}; the bot token begins with xoxb-.`
  if (app.startsWith('xoxb-'))
    return `${APP_TOKEN_NAME} is a bot token (xoxb-…): it belongs into ${BOT_TOKEN_NAME}; the app-level token begins with xapp-.`
  if (bot === '' || app === '') {
    const [there, missing] = bot === '' ? [APP_TOKEN_NAME, BOT_TOKEN_NAME] : [BOT_TOKEN_NAME, APP_TOKEN_NAME]
    return `${there} is set and ${missing} is not: Slack needs both, “backchannel setup slack” gets them.`
  }
  if (!bot.startsWith('xoxb-')) return `${BOT_TOKEN_NAME} is no bot token: it begins with xoxb-; ${WHERE}.`
  if (!app.startsWith('xapp-')) return `${APP_TOKEN_NAME} is no app-level token: it begins with xapp-; ${WHERE}.`
  return null
}
