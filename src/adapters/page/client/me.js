// Who is looking.
import { get } from './api.js'
import { store } from './store.js'

export const me = store('you')

export async function loadMe() {
  const answer = await get('/api/me')
  if (answer.kind === 'ok') me.set(/** @type {{ owner: { name: string } }} */ (answer.value).owner.name)
}
