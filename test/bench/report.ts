// What was measured, as Markdown.

import type { Found, Hop, Look, Use } from './samples.ts'
import { percentile } from './samples.ts'

export function report(found: Found[]): string {
  const hops = found.flatMap((one) => one.hops ?? [])
  const uses = found.flatMap((one) => one.uses ?? [])
  const looks = found.flatMap((one) => one.looks ?? [])
  const notes = found.flatMap((one) => one.notes ?? [])
  return [
    ...(hops.length > 0 ? [hopTable(hops)] : []),
    ...(uses.length > 0 ? [useTable(uses)] : []),
    ...(looks.length > 0 ? [lookTable(looks)] : []),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n')
}

const hopTable = (hops: Hop[]): string =>
  table(
    ['hop (ms)', 'n', 'p50', 'p99', 'bare p50', 'bare p99', 'ratio p50', 'own p50', 'own p99', 'bare is'],
    hops.map(({ hop, ours, bare, bareMs }) => {
      const [p50, p99] = [percentile(ours, 50), percentile(ours, 99)]
      const [bare50, bare99] = [percentile(bareMs, 50), percentile(bareMs, 99)]
      const numbers = [p50, p99, bare50, bare99].map(ms)
      return [
        hop,
        String(ours.length),
        ...numbers,
        `${(p50 / bare50).toFixed(1)}×`,
        ms(p50 - bare50),
        ms(p99 - bare99),
        bare,
      ]
    }),
  )

const useTable = (uses: Use[]): string =>
  table(
    ['process', 'RSS (MB)', 'PSS (MB)', 'idle CPU (% of a core)'],
    uses.map(({ who, rssMb, pssMb, cpuPercent }) => [
      who,
      rssMb.toFixed(1),
      pssMb === null ? 'not readable' : pssMb.toFixed(1),
      cpuPercent.toFixed(2),
    ]),
  )

const lookTable = (looks: Look[]): string =>
  table(
    ['asked', 'tasks', 'n', 'p50 (ms)', 'p99 (ms)'],
    looks.map(({ asked, tasks, ms: samples }) => [
      asked,
      tasks.toLocaleString('en'),
      String(samples.length),
      ms(percentile(samples, 50)),
      ms(percentile(samples, 99)),
    ]),
  )

const ms = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 1)

/** The first column is words, the others are numbers unless their head says what they are. */
function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  const isWords = (index: number): boolean => index === 0 || head[index] === 'bare is'
  return [line(head), line(head.map((_, index) => (isWords(index) ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
