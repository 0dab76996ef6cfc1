// Whether somebody runs this home's tasks right now.

import net from 'node:net'
import { bellsOf } from './house.ts'

export function isUp(home: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(bellsOf(home).runner, () => {
      socket.end()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
