// Terminal output as lines of coloured text. Understands colours and bold; leaves out every other control sequence; of a line
// that was drawn over (a progress bar) the last state counts. Pure.

/** @typedef {{ text: string, look: string }} Run */

const BASIC = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
// Control sequences, operating-system commands (titles, links), and other escapes.
const SEQUENCE = /\u001b\[([0-9;:?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]?/g

/** @param {string} text @returns {Run[][]} one list of runs per line */
export function parseAnsi(text) {
  const state = { colour: '', bold: false, dim: false }
  return text.split('\n').map((line) => lineRuns(drawnLast(line), state))
}

/** @param {string} line */
function drawnLast(line) {
  const shown = line.replace(/\r+$/, '')
  return shown.slice(shown.lastIndexOf('\r') + 1)
}

/** @param {string} line @param {{ colour: string, bold: boolean, dim: boolean }} state @returns {Run[]} */
function lineRuns(line, state) {
  /** @type {Run[]} */
  const runs = []
  let end = 0
  const add = (/** @type {string} */ text) => {
    const worn = [state.colour && `ansi-${state.colour}`, state.bold && 'ansi-bold', state.dim && 'ansi-dim']
      .filter(Boolean)
      .join(' ')
    if (text !== '') runs.push({ text, look: worn })
  }
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(end, match.index))
    end = match.index + match[0].length
    if (match[2] === 'm') dress(state, (match[1] ?? '').split(/[;:]/).map(Number))
  }
  add(line.slice(end))
  return runs
}

/** @param {{ colour: string, bold: boolean, dim: boolean }} state @param {number[]} codes */
function dress(state, codes) {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 0) Object.assign(state, { colour: '', bold: false, dim: false })
    else if (code === 1) state.bold = true
    else if (code === 2) state.dim = true
    else if (code === 22) Object.assign(state, { bold: false, dim: false })
    else if (code >= 30 && code <= 37) state.colour = BASIC[code - 30] ?? ''
    else if (code >= 90 && code <= 97) state.colour = BASIC[code - 90] ?? ''
    else if (code === 39) state.colour = ''
    // Of 256 colours the first sixteen have names; the rest and true colours are left as plain text.
    else if (code === 38 || code === 48) i += codes[i + 1] === 2 ? 4 : 2
  }
}
