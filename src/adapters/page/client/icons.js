// Every sign of the page. A sign with a label is spoken; without one it stands beside words that say the same.
import { classes, html } from './html.js'

/** @type {Record<string, string[]>} */
const PATHS = {
  check: ['M3.5 8.5l3 3 6-7'],
  copy: [
    'M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2',
    'M2.5 6.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1z',
  ],
  close: ['M4 4l8 8', 'M12 4l-8 8'],
  send: ['M8 13V3.5', 'M3.8 7.5L8 3.2l4.2 4.3'],
  hash: ['M6.2 2.5l-1.4 11', 'M11.2 2.5l-1.4 11', 'M2.8 5.8h11', 'M2.2 10.2h11'],
  board: ['M2.8 3h3v10h-3z', 'M6.8 3h3v6.5h-3z', 'M10.8 3h3v8h-3z'],
  thread: ['M2.5 3.5h11v7.5h-6l-3 2.5V11h-2z'],
  bell: ['M4 11V7.2a4 4 0 0 1 8 0V11l1 1.2H3z', 'M6.8 13.8h2.4'],
  task: ['M3 3h10v10H3z', 'M5.5 6h5', 'M5.5 8.5h5', 'M5.5 11h3'],
  back: ['M9.8 3.2L5 8l4.8 4.8'],
  download: ['M8 2.8v7.4', 'M4.6 7.2L8 10.6l3.4-3.4', 'M3 13.2h10'],
  leave: ['M6.5 2.8H3.2v10.4h3.3', 'M7 8h6.2', 'M10.6 5.2L13.4 8l-2.8 2.8'],
  branch: [
    'M5 5.2v5.6',
    'M11 6.8c0 2.4-6 1.6-6 4',
    'M5 5.2a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z',
    'M5 13.6a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z',
    'M11 6.8A1.4 1.4 0 1 0 11 4a1.4 1.4 0 0 0 0 2.8z',
  ],
  queued: ['M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z', 'M8 5v3.2l2 1.3'],
  working: ['M8 2.5a5.5 5.5 0 0 1 5.5 5.5'],
  needs: ['M8 4.2v4.6', 'M8 11.6v.1'],
  good: ['M4.5 8.4l2.4 2.4 4.6-5.2'],
  bad: ['M5.2 5.2l5.6 5.6', 'M10.8 5.2l-5.6 5.6'],
  stopped: ['M5.8 5.8h4.4v4.4H5.8z'],
  plain: ['M5 8h6'],
  received: ['M3.5 8.5l3 3 6-7'],
  delivered: ['M1.5 8.5l3 3 6-7', 'M7.2 11.2l.4.3 6-7'],
  'item-todo': ['M8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8z'],
  'item-doing': ['M8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8z', 'M8 5.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8z'],
  'item-done': ['M8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8z', 'M5.4 8.2l1.8 1.8 3.4-3.8'],
}

/** @param {{ name: string, label?: string, class?: string }} props */
export function Icon({ name, label, class: extra }) {
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' }
  return html`<svg class=${classes('icon', `icon-${name}`, extra)} viewBox="0 0 16 16" ...${said}>
    ${(PATHS[name] ?? []).map((d) => html`<path d=${d} />`)}
  </svg>`
}

/** What a card's tone says; colour and shape say it again. */
const TONES = {
  queued: 'queued',
  working: 'working',
  needs: 'needs you',
  good: 'done',
  bad: 'failed',
  stopped: 'stopped',
  plain: '',
}

/** @param {{ tone: import('../../../task/card.ts').Tone }} props */
export function ToneSign({ tone }) {
  return html`<span class=${`tone tone-${tone}`}><${Icon} name=${tone} label=${TONES[tone]} /></span>`
}
