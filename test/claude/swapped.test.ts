// What a person allowed is judged again at the moment it is done: a name that leads elsewhere by then, and words they put in
// themselves, get no further than the rules let them.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { say, use, type Script } from '../fake/model.ts'
import { asked, ending, yes } from '../session/support.ts'
import { until } from '../support/until.ts'
import { answerTo, claude, type Claude } from './support.ts'

const gated = (deny: string[] = []) => ({
  door: new URL('../../src/adapters/shell-parser/index.ts', import.meta.url).href,
  policy: {
    rules: deny.map((text) => ({ list: 'deny' as const, text, at: 'config.yaml:1' })),
    kept: { names: ['/kept'], except: [], fromCommands: true },
  },
})

/** Where the agent works there is a link to a folder beside the one that it is swapped for. */
async function linked(
  script: (it: { file: string }) => Script,
): Promise<{ it: Claude; inside: string; outside: string; swap: () => void }> {
  const place = { file: '' }
  const it = await claude((seen) => script(place)(seen))
  const [link, inside, outside] = [join(it.dir, 'link'), join(it.dir, 'inside'), join(it.home, 'outside')]
  for (const folder of [inside, outside]) mkdirSync(folder)
  symlinkSync(inside, link)
  place.file = join(link, 'x.txt')
  return {
    it,
    inside,
    outside,
    swap() {
      rmSync(link)
      symlinkSync(outside, link)
    },
  }
}

test('a file that became another one between the question and the answer is not written', async () => {
  const { it, inside, outside, swap } = await linked(
    ({ file }) =>
      ({ results }) =>
        results.length > 0 ? say(results[0]?.text ?? '') : use('Write', { file_path: file, content: 'x' }),
  )
  const heard = it.begin('Write it', gated())
  const ask = await asked(heard)
  swap()
  it.sessions.deliver('t1', 1, { answer: yes(ask) })
  expect(await ending(heard)).toMatchObject({
    summary: expect.stringContaining('a file it names is another one by now'),
  })
  expect([readdirSync(inside), readdirSync(outside)]).toEqual([[], []])
})

test('one that is the same is', async () => {
  const { it, inside } = await linked(
    ({ file }) =>
      ({ results }) =>
        results.length > 0 ? say('Done.') : use('Write', { file_path: file, content: 'x' }),
  )
  const heard = it.begin('Write it', gated())
  it.sessions.deliver('t1', 1, { answer: yes(await asked(heard)) })
  expect(await ending(heard)).toMatchObject({ summary: 'Done.' })
  expect(readdirSync(inside)).toEqual(['x.txt'])
})

test('a yes that outlived its process is not for a file that became another one meanwhile: it is asked anew', async () => {
  const { it, outside, swap } = await linked(
    ({ file }) =>
      ({ results }) =>
        results.some(({ text }) => text.includes('successfully'))
          ? say('Done.')
          : use('Write', { file_path: file, content: 'x' }),
  )
  const first = it.begin('Write it', gated())
  const answer = yes(await asked(first))
  await it.sessions.endAll('t1', 1, 0)
  await until(() => first.gone)
  swap()
  const second = it.again([first], { ...gated(), answers: [answer] })
  const again = await asked(second)
  expect(again.id).not.toBe(answer.request)
  expect(readdirSync(outside)).toEqual([])
})

test('what a person puts in themselves is judged, too', async () => {
  const it = await claude(({ results }) =>
    results.length > 0
      ? say(results[0]?.text ?? '')
      : use('Bash', { command: 'touch one.txt', description: 'Make it' }),
  )
  const heard = it.begin('Make it', gated(['Bash(mkdir *)']))
  const answer = answerTo(await asked(heard), 'edit', { command: 'mkdir two' })
  it.sessions.deliver('t1', 1, { answer })
  expect(await ending(heard)).toMatchObject({
    summary: expect.stringContaining('the rule “Bash(mkdir *)” of config.yaml:1 denies it'),
  })
  expect(existsSync(join(it.dir, 'two'))).toBe(false)
})
