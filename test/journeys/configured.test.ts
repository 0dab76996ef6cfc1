// What config.yaml said is on record, whenever it is another.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { house } from './house.ts'

test(
  'roles, rules and settings are on record from when they count, without the values of environments',
  { timeout: 120_000 },
  async () => {
    const config =
      'slots: 2\nenv: { set: { DEPLOY_TOKEN: hunter2hunter2 } }\npermissions: { ask: ["Bash(git push *)"] }\n'
    const here = await house({ config })
    const audit = async () =>
      (await here.cli(['audit', '--json', '--type', 'configured'])).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse((JSON.parse(line) as { data: { settings: string } }).data.settings) as object)
    await (await here.up()).kill9()
    const again = await here.up({ again: true })
    expect(await audit()).toEqual([
      expect.objectContaining({
        slots: 2,
        env: { pass: [], set: ['DEPLOY_TOKEN'] },
        permissions: expect.objectContaining({ ask: [expect.anything()] }) as object,
      }),
    ])
    await again.kill9()
    fs.writeFileSync(path.join(here.home, 'config.yaml'), 'slots: 3\n')
    await here.up({ again: true })
    expect(await audit()).toHaveLength(2)
    expect(JSON.stringify(await audit())).not.toContain('hunter2')
  },
)
