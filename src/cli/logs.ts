// `backchannel logs TASK`: what it printed, whole, in part, or as it grows.

import { UsageError } from './args.ts'
import { follow } from './follow.ts'
import { withTask } from './one.ts'
import { say, sayJson, sayRefusal } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(
    argv,
    'logs',
    { valued: ['tail', 'grep'], bare: ['file', 'follow', 'json'] },
    false,
    async ({ house, id, flags }) => {
      const json = 'json' in flags
      if ('file' in flags) {
        const file = await house.views.logFile(id)
        if (file === null) return sayRefusal({ refused: 'There is no log yet: it has not begun.' })
        if (json) sayJson({ file })
        else say(file)
        return 0
      }
      const tail = flags['tail'] === undefined ? undefined : Number(flags['tail'])
      if (tail !== undefined && !(Number.isInteger(tail) && tail > 0))
        throw new UsageError('--tail needs a number of lines.')
      const grep = flags['grep']
      const part = { ...(tail && { tail }), ...(grep && { grep }), bytesMax: Number.MAX_SAFE_INTEGER }
      const follows = 'follow' in flags
      if (json) {
        // One object, so with --follow it is said at the end.
        const code = follows ? await follow(house, id, { silent: true }) : 0
        sayJson(await house.views.log(id, part))
        return code
      }
      // From where the first of the last lines begins: the very last one may still be written.
      if (follows)
        return follow(house, id, { from: tail === undefined ? 0 : (await house.views.log(id, part)).from, grep })
      if (tail !== undefined || grep !== undefined) {
        process.stdout.write((await house.views.log(id, part)).text)
        return 0
      }
      for (let next = 0; ;) {
        const range = await house.views.log(id, { from: next })
        process.stdout.write(range.text)
        if (range.next === next || range.next >= range.bytes) return 0
        next = range.next
      }
    },
  )
