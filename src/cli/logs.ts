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
      if ('file' in flags) {
        const file = await house.views.logFile(id)
        return file === null ? sayRefusal({ refused: 'There is no log yet: it has not begun.' }) : (say(file), 0)
      }
      const tail = flags['tail'] === undefined ? undefined : Number(flags['tail'])
      if (tail !== undefined && !(Number.isInteger(tail) && tail > 0))
        throw new UsageError('--tail needs a number of lines.')
      const grep = flags['grep']
      if (tail !== undefined || grep !== undefined) {
        const range = await house.views.log(id, {
          ...(tail && { tail }),
          ...(grep && { grep }),
          bytesMax: Number.MAX_SAFE_INTEGER,
        })
        if ('json' in flags) sayJson(range)
        else process.stdout.write(range.text)
        return 'follow' in flags ? follow(house, id, range.next) : 0
      }
      if ('follow' in flags) return follow(house, id)
      for (let next = 0; ;) {
        const range = await house.views.log(id, { from: next })
        if ('json' in flags) sayJson(range)
        else process.stdout.write(range.text)
        if (range.next === next || range.next >= range.bytes) return 0
        next = range.next
      }
    },
  )
