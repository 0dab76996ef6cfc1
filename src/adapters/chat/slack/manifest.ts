// The app as Slack makes it from one paste: what it listens to, what it may do, its command, its shortcut and its home.

/** What it may do, and what each is for, said where one is missing. */
export const SCOPES: Record<string, string> = {
  'app_mentions:read': 'hears @bg',
  'channels:history': 'reads threads of public channels',
  'channels:read': 'knows which channels it is in',
  'chat:write': 'posts and edits cards',
  commands: 'has /bg and the shortcut',
  'files:write': 'attaches what is too long for a message',
  'groups:history': 'reads threads of private channels',
  'groups:read': 'knows which private channels it is in',
  'im:history': 'hears direct messages',
  'im:write': 'writes direct messages',
  'reactions:write': 'marks a reply as received and delivered',
  'users:read': 'knows names',
}
/** Without it nobody is in a user group, and everything else works. */
const OPTIONAL_SCOPES = ['usergroups:read']
const EVENTS = ['app_home_opened', 'app_mention', 'message.channels', 'message.groups', 'message.im']

export const manifest = {
  _metadata: { major_version: 2, minor_version: 1 },
  display_information: {
    name: 'Backchannel',
    description: 'Runs coding agents in the background and asks where it must',
  },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'bg', always_online: true },
    shortcuts: [
      {
        name: 'Start background task',
        type: 'message',
        callback_id: 'bg_from_message',
        description: 'Start a task about this message',
      },
    ],
    slash_commands: [
      {
        command: '/bg',
        description: 'Background tasks',
        usage_hint: 'start what to do | tasks | help',
        should_escape: false,
      },
    ],
  },
  oauth_config: { scopes: { bot: [...Object.keys(SCOPES), ...OPTIONAL_SCOPES].toSorted() } },
  settings: {
    event_subscriptions: { bot_events: EVENTS },
    interactivity: { is_enabled: true },
    org_deploy_enabled: false,
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  },
}

/** Opens Slack's form for a new app, filled in. */
export const manifestLink = (): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`
