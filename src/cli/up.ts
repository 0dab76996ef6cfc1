// `backchannel up`: bot, runner and page together, one per home.

import { serve } from './parts/serve.ts'

export const verb = (argv: string[]): Promise<number> => serve('up', ['bot', 'runner'], argv)
