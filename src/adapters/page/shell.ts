// The HTML there is: the empty page its modules fill, and the notices a person sees who is not logged in. Everything a person
// or agent wrote reaches the page as JSON, never in here.

import { createHash } from 'node:crypto'

const IMPORTS = JSON.stringify({
  imports: { preact: '/vendor/preact.mjs', 'preact/hooks': '/vendor/hooks.mjs', htm: '/vendor/htm.mjs' },
})

/** The import map has to stand in the page itself, so the policy names it by its hash. */
export const IMPORTS_HASH = `sha256-${createHash('sha256').update(IMPORTS).digest('base64')}`

export const page = (styles: string[], modules: string[]): string => `<!doctype html>
<html lang="en">
<head>
${head('Backchannel', styles)}
<script type="importmap">${IMPORTS}</script>
${modules.map((module) => `<link rel="modulepreload" href="${module}">`).join('\n')}
<script type="module" src="/assets/main.js"></script>
</head>
<body>
<div id="app"></div>
<noscript><p>Backchannel’s page needs JavaScript. Everything works on the command line too: <code>backchannel tasks</code>.</p></noscript>
</body>
</html>
`

export const notice = (title: string, sentence: string, command = ''): string => `<!doctype html>
<html lang="en">
<head>
${head(`${title} · Backchannel`, ['/assets/base.css'])}
</head>
<body class="notice-page">
<main class="notice">
<img src="/assets/icon.svg" alt="" width="40" height="40">
<h1>${title}</h1>
<p>${sentence}</p>
${command && `<pre><code>${command}</code></pre>`}
</main>
</body>
</html>
`

const head = (title: string, styles: string[]): string => `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}`
