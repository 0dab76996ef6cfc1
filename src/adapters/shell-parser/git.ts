// What git runs besides itself: commands in its configuration, as it is given on the command line, and in some of its options.

import { roughly, textIn, type Read } from './words.ts'

/** Settings that change how git talks and what it notes down, not what it runs. */
const SAFE_KEYS =
  /^(?:(?:user|author|committer|advice|color|column|status|i18n|log|pull|fetch|checkout|branch|blame|rerere|versionsort|safe)\..*|core\.(?:quotepath|autocrlf|eol|whitespace|abbrev|longpaths|safecrlf|filemode|ignorecase|precomposeunicode|compression|preloadindex|untrackedcache|commentchar)|commit\.(?:gpgsign|cleanup|verbose)|tag\.(?:gpgsign|sort)|diff\.(?:algorithm|renames|renamelimit|noprefix|mnemonicprefix|colormoved|context|wserrorhighlight)|merge\.(?:ff|conflictstyle|renamelimit|stat|log)|push\.(?:default|autosetupremote|followtags)|rebase\.(?:autosquash|autostash|updaterefs)|init\.defaultbranch|gc\.auto|maintenance\.auto|http\.(?:postbuffer|version|extraheader|lowspeedlimit|lowspeedtime)|protocol\.version|submodule\.recurse)$/u
/** A pager that is none. Of an alias it would be another command of git. */
const SAFE_VALUE = /^(?:cat|true|false|)$/u

/** Their values are run, by git or where it connects to. They may be cut short as long as they are clear. */
const OPTIONS =
  '--exec --extcmd --upload-pack --receive-pack --open-files-in-pager --config-env --exec-path --env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter --tag-name-filter'.split(
    ' ',
  )
const SHORT_MIN = '--ex'.length

/** Command lines that git is given, and up to where a rule that allows has to spell them out; null where there are none. */
export function givenToGit(words: Read[]): { scripts: Read[]; spelled: number } | null {
  const scripts: Read[] = []
  let spelled = 0
  const verbs = words.map(textIn)
  for (const [at, word] of words.entries()) {
    const text = roughly(word)
    const next = words[at + 1]
    const [, name = '', attached] = /^(--[a-z-]+)(?:=(.*))?$/su.exec(text) ?? []
    const isConfig = text === '-c' || text === '--config'
    const setting = isConfig && next ? roughly(next) : /^(?:-c|--config=)(.+)$/su.exec(text)?.[1]
    const isOption = name !== '--config' && name.length >= SHORT_MIN && OPTIONS.some((one) => one.startsWith(name))
    const isShort = text === '-x' && (verbs.includes('rebase') || verbs.includes('difftool'))
    if (isOption || isShort) {
      const value = attached === undefined ? next : { word: [attached], source: text }
      scripts.push(...(value ? [value] : []))
      spelled = at + (attached === undefined ? 2 : 1)
    } else if (setting?.includes('=') && !isSafe(setting)) {
      scripts.push({ word: [scriptOf(setting)], source: setting })
      spelled = at + (isConfig ? 2 : 1)
    }
  }
  return spelled === 0 ? null : { scripts, spelled }
}

function isSafe(setting: string): boolean {
  const [key = ''] = setting.toLowerCase().split('=', 1)
  return SAFE_KEYS.test(key) || (!key.startsWith('alias.') && SAFE_VALUE.test(setting.slice(key.length + 1)))
}

/** An alias is a command of git, and with a “!” one of the shell. */
function scriptOf(setting: string): string {
  const value = setting.slice(setting.indexOf('=') + 1)
  return value.startsWith('!') ? value.slice(1) : /^alias\./iu.test(setting) ? `git ${value}` : value
}
