// `backchannel help`

import { say } from './print.ts'

export async function verb(): Promise<number> {
  say(`Backchannel runs agents and commands in the background and asks where it must.

  up                            bot, runner and page together (npm start)
  start [flags] WHAT TO DO      a job for an agent, in a worktree of its own
  run [flags] COMMAND           a command in the background, where you are
  tasks [--active]              what there is
  show TASK                     where it stands
  logs TASK [--tail N] [--grep TEXT] [--file] [--follow]
  diff TASK [--stat]            what it changed
  answer TASK [REQUEST] OPTION|words
  guide TASK words              guides it; after its end, continues it
  attach TASK                   takes its conversation into this terminal, until you leave it
  interrupt TASK                breaks off its turn; it goes on with what was said meanwhile
  stop TASK                     ends it and everything it started
  commit TASK [message]         commits its work, on its branch
  discard TASK [--yes]          puts its work away for 30 days
  restore TASK                  brings back what was discarded
  repo add PATH [--name N]      makes a repository known; “repo” lists them
  policy explain CALL           what the rules say about 'Bash(git push -f)', and why
  policy lint                   what is odd about the rules
  rules [revoke ID]             what people allowed always; takes one back
  login                         a new link to the page
  pair                          a code that makes you an owner in a chat
  setup slack | discord         connects a chat, step by step
  audit [--task T] [--by WHO] [--since 2h|DATE] [--type FACT]    what people decided
  verify [--noted HASH]         proves that the journal was not altered
  doctor                        what is here and what is missing

Flags of start and run: --repo NAME|PATH --label L --timeout 10m --base BRANCH --json --follow;
start: --agent A --here --check COMMAND --model M --mode plan --add-dir D --env A=b; run: --worktree. A TASK is its id, its label, or the beginning of either.
Everything that lists or shows takes --json. The home is BACKCHANNEL_HOME, ~/.backchannel by default.`)
  return 0
}
