// What config.yaml says, on record: a fact of the house whenever it is another than before, so that nobody has to guess which roles
// and rules a decision was made under. Values of environments stay out of it.

import { recordHouse } from '../../runner/journal.ts'
import { configured } from '../../task/house.ts'
import type { Settings } from '../../config.ts'
import type { House } from '../house.ts'

export async function recordConfig({ config, store, user }: House): Promise<void> {
  const settings = JSON.stringify(withoutValues(config.settings))
  await recordHouse(store.house, (facts) => configured(facts, settings), { by: user, now: Date.now })
}

const withoutValues = ({ env, repos, ...rest }: Settings) => ({
  ...rest,
  env: { pass: env.pass, set: Object.keys(env.set) },
  repos: Object.fromEntries(
    Object.entries(repos).map(([name, { env: own = {}, ...repo }]) => [name, { ...repo, env: Object.keys(own) }]),
  ),
})
