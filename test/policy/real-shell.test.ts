// What a real shell makes of a command is the measure: where it runs the program that is denied, or writes the file that is, the
// rules must not allow it, nor say nothing. The program is one of ours that leaves a mark, in a PATH with little else. The shell is a real
// one: what is put together by chance has no `/`, no `~` and no `cd`, so that it reaches nothing but the empty folder it runs in.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { array, assert, asyncProperty, constantFrom, nat } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { said, type Texts } from '../core/policy-given.ts'
import { home } from '../support/home.ts'
import { judgeTyped } from './gate.ts'

/** The widest that can be allowed. */
const TEXTS: Texts = { deny: ['Bash(rm *)', 'Edit(secret)'], allow: ['Bash', 'Edit'] }
const TOOLS = [
  'bash',
  'cat',
  'cp',
  'env',
  'find',
  'git',
  'ln',
  'ls',
  'nice',
  'setsid',
  'sh',
  'timeout',
  'true',
  'xargs',
]

async function place() {
  const top = realpathSync(await home())
  const [bin, work, mark] = [join(top, 'bin'), join(top, 'work'), join(top, 'mark')]
  for (const one of [bin, join(work, 'sub')]) mkdirSync(one, { recursive: true })
  for (const tool of TOOLS) {
    const found = ['/usr/bin', '/bin'].map((directory) => join(directory, tool)).find((path) => existsSync(path))
    if (found) symlinkSync(found, join(bin, tool))
  }
  writeFileSync(join(bin, 'rm'), `#!/bin/sh\n: > '${mark}'\n`)
  chmodSync(join(bin, 'rm'), 0o755)
  const run = (command: string) =>
    void spawnSync('/bin/bash', ['-c', command], {
      cwd: work,
      env: { PATH: bin, HOME: top },
      input: '',
      timeout: 5_000,
    })
  const judged = async (command: string) => said(await judgeTyped(TEXTS, 'Bash', { command }, { cwd: work, home: top }))
  return { run, judged, happened: () => existsSync(mark) || existsSync(join(work, 'secret')) }
}

const DENY = /^deny /u
const UNCLEAR = /^ask!$/u

const check = (expected: RegExp, commands: string[]) =>
  test.for(commands)('%s', async (command) => {
    const { run, judged, happened } = await place()
    expect(await judged(command)).toMatch(expected)
    run(command)
    expect(happened()).toBe(true)
  })

describe('a shell runs what is denied, and it is denied:', () => {
  check(DENY, [
    'rm x',
    'true; rm x',
    '{rm,x}',
    String.raw`$'\x72m' x`,
    'time -p rm x',
    'time -- rm x',
    '! ! rm x',
    '2>&1 rm x',
    '{fd}>f rm x',
    '(( $(rm x)1 + 1 ))',
    'echo $[ $(rm x)1 ]',
    'case x in $(rm x)) ;; esac',
    'case x in (x) rm x ;; esac',
    'for i in a; { rm x; }',
    'coproc Z { rm x; }; wait',
    'echo a#b; rm x',
    'ls #\\\nrm x',
    "echo $'\\''; rm x; echo ''",
    'echo `echo \\`rm x\\``',
    'x=([$(rm x)0]=a)',
    'echo ${HOME//\\//$(rm x)}',
    'eval rm x',
    'eval -- rm x',
    "eval -- 'true; rm x'",
    "bash -o errexit -c 'rm x'",
    "bash -oc errexit 'rm x'",
    "bash -co errexit 'rm x'",
    "bash -Oe extglob -c 'rm x'",
    "bash -c -e 'rm x'",
    "bash - <<< 'rm x'",
    "{ bash; } <<< 'rm x'",
    "env 'A B=1' rm x",
    'env A-B=1 A.b=2 rm x',
    'xargs -i rm {} <<< x',
    'xargs -i{} rm {} <<< x',
    'xargs -rI% rm % <<< x',
    "xargs -I{} sh -c 'rm {}' <<< x",
    'find . -maxdepth 0 -execdir rm {} +',
    "git -c alias.q='!rm x' q",
    '> secret',
    'echo a &>secret',
    'echo a >|secret',
    'echo a {fd}>secret',
    '(cd sub; echo a > ../secret)',
    'exec {fd}> secret',
    '[[ a ]] > secret',
    'echo a > /proc/self/cwd/secret',
    'echo a > /dev/fd/../cwd/secret',
    'cd sub; echo a > /proc/thread-self/cwd/../secret',
    'ln -s /proc/self/cwd l; true; echo a > l/secret',
  ])
})

describe('a shell runs what is denied where only it can tell, and it is asked:', () => {
  check(UNCLEAR, [
    'r=rm; $r x',
    'r$(:)m x',
    'rm${IFS}x',
    'set -- rm x; "$@"',
    'f() { "$@"; }; f rm x',
    'echo rm x | bash',
    'echo rm x | bash -',
    'echo rm x | bash -s a',
    'echo rm x | bash -e /dev/stdin',
    'bash < <(echo rm x)',
    "exec 3<<< 'rm x'; bash <&3",
    "f() { bash; }; f <<< 'rm x'",
    'bash <(echo rm x)',
    'source <(echo rm x)',
    '. <(echo rm x)',
    'bash --rcfile <(echo rm x) -i -c :',
    'bash --init-file <(echo rm x) -i -c :',
    "echo rm x | xargs -I{} bash -c '{}'",
    "echo rm x | xargs -0rI% bash -c '% y'",
    "echo rm x | xargs --replace bash -c '{}'",
    'echo rm | xargs -I% env % x',
    String.raw`$'\x{72}m' x`,
    ': ${\\\nx:-$(rm x)}',
    'x=($(rm x))\\\n;ls',
    "[[ 'a[$(rm x)]' -eq 1 ]]",
    "[[ -v 'a[$(rm x)]' ]]",
    "[ -v 'a[$(rm x)]' ]",
    "x='a[$(rm x)]'; (( x ))",
    "x='a[$(rm x)]'; echo $((x))",
    "declare -i n; n='a[$(rm x)]'",
    "declare n='a[$(rm x)]'; [[ n -eq 1 ]]",
    "i='b[$(rm x)]'; a=(1); echo ${a[$i]}",
    "i='b[`rm x`]'; echo ${HOME:$i}",
    "a=(1); echo ${a['$(rm x)']}",
    "PS4='$(rm x)'; set -x; :",
    "compgen -W '$(rm x)'",
    "compgen -C 'rm x'",
    "mapfile -C 'rm x #' -c 1 a <<< y",
    "readarray -c1 -C 'rm' a <<< y",
    'jobs -x rm x',
    'hash -p "${PATH%%:*}/rm" ls; ls x',
    'f=secret; echo a > $f',
    'echo a > ~+/secret',
    'ln -s secret l; echo a > l',
    'for i in a b; do echo a > l; ln -sf secret l; done',
    'exec 3< .; echo a > /dev/fd/3/secret',
    'cd "${PWD}"; echo a > /proc/self/cwd/secret',
  ])
})

/** Each holds a command in its own way; what a shell does not run any more is as well. */
const HOLDERS: ((command: string) => string)[] = [
  (command) => `(${command})`,
  (command) => `{ ${command}; }`,
  (command) => `echo "$(${command})"`,
  (command) => `if true; then ${command}; fi`,
  (command) => `for i in 1; do ${command}; done`,
  (command) => `f() { ${command}; }; f`,
  (command) => `case a in b) ls;; *) ${command} ;; esac`,
  (command) => `x=($(${command}))`,
  (command) => `: \${x:-$(${command})}`,
  (command) => `[[ -n $(${command}) ]]`,
  (command) => `echo $(( 1 + $(${command})1 ))`,
  (command) => `cat <<E\n$(${command})\nE\n`,
  (command) => `bash <<'E'\n${command}\nE\n`,
  (command) => `eval '${command.replaceAll("'", String.raw`'\''`)}'`,
  (command) => `timeout 5 ${command}`,
  (command) => `A=1 ${command}`,
  (command) => `true && ${command}`,
  (command) => `echo "a;b" | ${command}`,
  (command) => `ls # c\n${command}`,
  (command) => `${command} & wait`,
]
const PUT_IN = [
  '',
  '',
  '\\\n',
  "'",
  '"',
  '`',
  '$',
  '(',
  ')',
  '#',
  '\n',
  ' ',
  ';',
  '&',
  '|',
  '\\',
  '{',
  '<',
  '>',
  '\r',
  '!',
]

test('however it is held, and whatever is put in between: what a shell runs of it is never allowed', async () => {
  const denied = constantFrom('rm x', 'r"m" x', String.raw`\rm x`, '{rm,x}', '> secret', 'echo a >| secret')
  await assert(
    asyncProperty(
      denied,
      array(constantFrom(...HOLDERS), { maxLength: 3 }),
      constantFrom(...PUT_IN),
      nat(200),
      async (command, holders, more, where) => {
        const held = holders.reduce((inner, hold) => hold(inner), command)
        const at = where % held.length
        const whole = held.slice(0, at) + more + held.slice(at)
        const { run, judged, happened } = await place()
        const found = await judged(whole)
        if (DENY.test(found) || UNCLEAR.test(found)) return
        run(whole)
        expect([whole, happened()]).toEqual([whole, false])
      },
    ),
    { numRuns: 150 },
  )
})
