// `backchannel bot`: the bot and its page alone; a `runner` of the same home does the work.

import { serve } from './parts/serve.ts'

export const verb = (argv: string[]): Promise<number> => serve('bot', ['bot'], argv)
