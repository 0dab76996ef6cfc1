// `backchannel runner`: the runner alone; it starts, watches and stops sessions.

import { serve } from './parts/serve.ts'

export const verb = (argv: string[]): Promise<number> => serve('runner', ['runner'], argv)
