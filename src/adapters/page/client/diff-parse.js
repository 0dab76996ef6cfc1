// A unified diff as files with numbered lines. Pure.

/** @typedef {{ kind: 'same' | 'added' | 'removed' | 'note', text: string, before: number | null, after: number | null }} DiffLine */
/** @typedef {{ head: string, start: number, lines: DiffLine[] }} Hunk */
/** @typedef {{ path: string, notes: string[], hunks: Hunk[] }} DiffFile */

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/

/** @param {string} text @returns {DiffFile[]} */
export function parseDiff(text) {
  /** @type {DiffFile[]} */
  const files = []
  let before = 0
  let after = 0
  let left = { before: 0, after: 0 }
  for (const line of text.split('\n')) {
    const file = files.at(-1)
    const hunk = file?.hunks.at(-1)
    if (hunk && (left.before > 0 || left.after > 0)) {
      const sign = line[0]
      const body = line.slice(1)
      if (sign === '+') {
        hunk.lines.push({ kind: 'added', text: body, before: null, after: after++ })
        left = { ...left, after: left.after - 1 }
      } else if (sign === '-') {
        hunk.lines.push({ kind: 'removed', text: body, before: before++, after: null })
        left = { ...left, before: left.before - 1 }
      } else if (sign === '\\') hunk.lines.push({ kind: 'note', text: line.slice(2), before: null, after: null })
      else {
        hunk.lines.push({ kind: 'same', text: body, before: before++, after: after++ })
        left = { before: left.before - 1, after: left.after - 1 }
      }
      continue
    }
    const start = HUNK.exec(line)
    if (line.startsWith('diff --git ')) files.push({ path: pathOf(line), notes: [], hunks: [] })
    else if (start && file) {
      before = Number(start[1])
      after = Number(start[3])
      left = { before: Number(start[2] ?? 1), after: Number(start[4] ?? 1) }
      file.hunks.push({ head: (start[5] ?? '').trim(), start: after, lines: [] })
    } else if (hunk && line.startsWith('\\'))
      hunk.lines.push({ kind: 'note', text: line.slice(2), before: null, after: null })
    else if (file && line.startsWith('+++ b/')) file.path = line.slice(6)
    else if (file && /^(new file|deleted file|rename|similarity|Binary|old mode|new mode|copy)/.test(line))
      file.notes.push(line)
  }
  return files
}

/** @param {string} line `diff --git a/x b/x` */
function pathOf(line) {
  const rest = line.slice('diff --git '.length)
  return /^a\/(.+) b\/\1$/.exec(rest)?.[1] ?? rest.slice(rest.indexOf(' b/') + 3)
}
