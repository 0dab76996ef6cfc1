import { describe, expect, test } from 'vitest'
import type { Texts } from '../core/policy-given.ts'
import { decided, judgeTyped } from './gate.ts'

const TEXTS: Texts = {
  deny: ['Bash(rm *)', 'Edit(.env)'],
  ask: ['Bash(git push *)'],
  allow: [
    ...['ls', 'echo', 'cat', 'cd', 'find', 'npm run test', 'npx', 'sudo', 'env', 'timeout', 'bash', 'xargs'].map(
      (one) => `Bash(${one} *)`,
    ),
    'Bash(npx rimraf *)',
    'Bash(sudo systemctl status *)',
    'Bash(find . -exec ls *)',
    'Bash(env)',
    'Bash(watch df -h)',
    'Edit(./out/**)',
  ],
}
const ALLOW = 'allow'
const NONE = 'none'
const DENY = 'deny Bash(rm *)'
const ASK = 'ask Bash(git push *)'
const UNCLEAR = 'ask!'

/** Only the first word of what is allowed: which rule did it is another test. */
const check = (table: [command: string, said: string][]) =>
  test.for(table)('%s', async ([command, expected]) => {
    const said = await decided(TEXTS, command)
    expect(expected === ALLOW ? said.split(' ')[0] : said).toBe(expected)
  })

describe('one command', () => {
  check([
    ['ls', ALLOW],
    ['ls -la /tmp', ALLOW],
    ['lsof', NONE],
    ['rm -rf /', DENY],
    ['rm', DENY],
    ['rmdir x', NONE],
    ['git push', ASK],
    ['git "push" -f', ASK],
    ['make', NONE],
    ['', NONE],
    ['# rm x', NONE],
    ['ls # rm x', ALLOW],
    ['echo rm x', ALLOW],
    ["echo 'a; rm x'", ALLOW],
    ['echo "a && rm x"', ALLOW],
    [String.raw`echo a \; rm x`, ALLOW],
  ])
})

describe('several, however they are joined', () => {
  check([
    ['ls && echo a', ALLOW],
    ['ls && make', NONE],
    ['ls && rm x', DENY],
    ['ls&&rm x', DENY],
    ['ls || rm x', DENY],
    ['ls ; rm x', DENY],
    ['ls;rm x', DENY],
    ['ls | rm x', DENY],
    ['ls |& rm x', DENY],
    ['ls & rm x', DENY],
    ['ls\nrm x', DENY],
    ['ls \\\n  -la', ALLOW],
    ['ls &', ALLOW],
    ['ls;', ALLOW],
    ['! rm x', DENY],
    ['make && git push', ASK],
    ['git push && rm x', DENY],
  ])
})

describe('through everything that holds commands', () => {
  check([
    ['(ls)', ALLOW],
    ['(ls; rm x)', DENY],
    ['{ ls; rm x; }', DENY],
    ['if ls; then echo a; else rm x; fi', DENY],
    ['if rm x; then ls; fi', DENY],
    ['if ls; then echo a; elif rm x; then ls; fi', DENY],
    ['for f in a b; do echo $f; done', ALLOW],
    ['for f in $(rm x); do ls; done', DENY],
    ['for PATH in /evil; do ls; done', NONE],
    ['for ((i=0; i<3; i++)); do rm $i; done', DENY],
    ['while ls; do rm x; done', DENY],
    ['until rm x; do ls; done', DENY],
    ['case x in a) ls;; b) rm x;; esac', DENY],
    ['case $(rm x) in a) ls;; esac', DENY],
    ['select f in a; do rm x; done', DENY],
    ['f() { rm x; }; f', DENY],
    ['function f { rm x; }', DENY],
    ['coproc rm x', DENY],
    ['echo $(rm x)', DENY],
    ['echo $(ls)', ALLOW],
    ['echo $(make)', NONE],
    ['echo `rm x`', DENY],
    ['echo "a $(echo "$(rm x)") b"', DENY],
    ['echo "`echo \\`rm x\\``"', DENY],
    ['echo ${x:-$(rm x)}', DENY],
    ['echo "${x:-`rm x`}"', DENY],
    ['echo $(( $(rm x) + 1 ))', DENY],
    ['echo ${ rm x; }', DENY],
    ['cat <(rm x)', DENY],
    ['ls > >(rm x)', DENY],
    ['[[ -f $(rm x) ]]', DENY],
    ['[[ -v a[$(rm x)] ]]', DENY],
    ['a=$(rm x)', DENY],
    ['a=($(rm x))', DENY],
    ['a[$(rm x)]=1', DENY],
    ['X=$(rm x) ls', DENY],
    ['export X=$(rm x)', DENY],
    ['cat <<E\n$(rm x)\nE', DENY],
    ["cat <<'E'\n$(rm x)\nE", ALLOW],
    ['cat <<< $(rm x)', DENY],
    ['ls 2> $(rm x)', DENY],
  ])
})

describe('command lines within words', () => {
  check([
    ["bash -c 'ls; echo a'", ALLOW],
    ["bash -c 'ls; rm x'", DENY],
    ["bash -c 'make'", NONE],
    ['sh -c "rm x"', DENY],
    ["bash -lc 'rm x'", DENY],
    ["bash -euo pipefail -c 'rm x'", DENY],
    ["bash --norc -c 'rm x'", DENY],
    ["/bin/bash -c 'rm x'", DENY],
    ['bash -c \'bash -c "rm x"\'', DENY],
    ['bash -c "$X"', UNCLEAR],
    ['bash -c "rm $X"', DENY],
    ["eval 'rm x'", DENY],
    ['eval ls "; rm" x', DENY],
    ['eval ls', ALLOW],
    ['eval "$X"', UNCLEAR],
    ['builtin eval rm x', DENY],
    ["trap 'rm x' EXIT", DENY],
    ["su ann -c 'rm x'", DENY],
    ["env -S 'rm x'", DENY],
    ["env -S'rm x'", DENY],
    ["npx -c 'rm x'", DENY],
    ["script -qc 'rm x' /dev/null", DENY],
    ["alias ls='rm x'", DENY],
    ["ssh host 'rm x'", DENY],
    ["watch 'ls; rm x'", DENY],
    ["find . -exec sh -c 'rm {}' \\;", DENY],
    ["xargs -I{} sh -c 'rm {}'", DENY],
    ["bash <<'E'\nrm x\nE", DENY],
    ['sudo bash -s <<E\nls\nrm x\nE', DENY],
    ['cat <<E | bash\nrm x\nE', DENY],
    ['bash <<< "rm x"', DENY],
    ['source /dev/stdin <<< "rm x"', DENY],
    ['bash <<E\nls\nE', NONE],
    ['echo a | bash', NONE],
    ['bash deploy.sh', NONE],
  ])
})

describe('quotes are understood, in names of commands, too', () => {
  check([
    ['r"m" x', DENY],
    ["r'm' x", DENY],
    [String.raw`\rm x`, DENY],
    [String.raw`r\m x`, DENY],
    ['"rm" x', DENY],
    ["$'rm' x", DENY],
    [String.raw`$'\x72\155' x`, DENY],
    ['$"rm" x', DENY],
    ['r\\\nm x', DENY],
    ['""rm x', DENY],
    ['{rm,-rf,/}', DENY],
    ['{rm,x}', DENY],
    ['r{m,x} a', DENY],
    ['"rm x"', NONE],
    [String.raw`rm\ x`, NONE],
    ['l"s" -la', ALLOW],
    ['npm run "test"', ALLOW],
    ['npm "run test"', NONE],
    ['rm\u00a0x', NONE],
    ['$X rm', UNCLEAR],
    ['rm$IFS-rf', UNCLEAR],
    ['${X}m x', UNCLEAR],
    ['$(echo rm) x', UNCLEAR],
    ['/bin/r? x', UNCLEAR],
    ['git $X', UNCLEAR],
    ['"$@"', UNCLEAR],
    ['echo $X "$Y" *', ALLOW],
  ])
})

describe('what is stripped before matching', () => {
  check([
    ['timeout 5 ls', ALLOW],
    ['timeout -k 3 -s KILL 5m npm run test', ALLOW],
    ['timeout --signal=KILL 5 ls', ALLOW],
    ['timeout 5 make', NONE],
    ['timeout 5 rm x', DENY],
    ['timeout --odd 5 ls', NONE],
    ['timeout $T ls', UNCLEAR],
    ['/usr/bin/timeout 5 ls', NONE],
    ['/usr/bin/timeout 5 rm x', DENY],
    ['time ls', ALLOW],
    ['time -p ls', ALLOW],
    [String.raw`\time -o out ls`, NONE],
    ['nice ls', ALLOW],
    ['nice -n 10 ls', ALLOW],
    ['nice -10 ls', ALLOW],
    ['nohup ls &', ALLOW],
    ['stdbuf -oL ls', ALLOW],
    ['command ls', ALLOW],
    ['command -v rm', NONE],
    ['builtin cd x', ALLOW],
    ['timeout 5 nice nohup ls', ALLOW],
    ['timeout 5 sudo rm x', DENY],
    ['xargs ls', ALLOW],
    ['ls | xargs -n1 ls', NONE],
    ['xargs rm', DENY],
    ['xargs git', UNCLEAR],
    ['NODE_ENV=test ls', ALLOW],
    ['NODE_ENV=test CI=1 timeout 5 ls', ALLOW],
    ['NODE_ENV=$X ls', NONE],
    ['FOO=1 ls', NONE],
    ['PATH=/evil ls', NONE],
    ['LD_PRELOAD=./x.so ls', NONE],
    ['NODE_ENV=test LD_PRELOAD=./x.so ls', NONE],
    ['FOO=1 timeout 5 ls', NONE],
    ["FOO=1 bash -c 'ls'", NONE],
    ['FOO=1 rm x', DENY],
    ['FOO=$(ls) rm x', DENY],
    ['PATH=/evil; ls', NONE],
  ])
})

describe('programs that run their arguments', () => {
  check([
    ['npx rimraf dist', ALLOW],
    ['npx rimrafx', NONE],
    ['npx foo', NONE],
    ['npx -y foo', NONE],
    ['npx rm x', DENY],
    ['npx rm@5 x', DENY],
    ['npx --odd rm x', DENY],
    ['npm exec -- rm x', DENY],
    ['pnpm dlx rm x', DENY],
    ['sudo systemctl status x', ALLOW],
    ['sudo ls', NONE],
    ['sudo -u bob rm x', DENY],
    ['sudo -ubob rm x', DENY],
    ['sudo --user=bob rm x', DENY],
    ['sudo --odd bob rm x', DENY],
    ['sudo -- rm x', DENY],
    ['sudo FOO=1 rm x', DENY],
    ["sudo bash -c 'rm x'", DENY],
    ['sudo sudo rm x', DENY],
    ['env', ALLOW],
    ['env ls', NONE],
    ['env -i A=b rm x', DENY],
    ['watch df -h', ALLOW],
    ['watch -n 5 rm x', DENY],
    ['setsid rm x', DENY],
    ['exec rm x', DENY],
    ['docker exec -it web rm -rf /', DENY],
    ['docker compose exec web rm x', DENY],
    ['docker run --rm -v a:b img rm x', DENY],
    ['docker exec $C rm x', DENY],
    ['docker ps', NONE],
    ['kubectl -n a exec pod -- rm x', DENY],
    ['find . -name a', ALLOW],
    ['find . -exec ls {} +', ALLOW],
    ['find . -exec cat {} +', NONE],
    ['find . -exec ls {} + -delete', NONE],
    ['find . -exec rm {} +', DENY],
    ['find . -execdir /bin/rm {} +', DENY],
    ['find . -delete', NONE],
    ['find . -fprint x', NONE],
    ['find $X', NONE],
    ['/bin/rm x', DENY],
    ['../../bin/rm x', DENY],
    ['busybox rm x', DENY],
    ['flock /tmp/l rm x', DENY],
    ['strace -f rm x', DENY],
    ['git bisect run rm x', DENY],
    ['parallel rm ::: x', DENY],
    ['tmux new-session rm x', DENY],
  ])
})

describe('redirections', () => {
  check([
    ['ls > out/a', ALLOW],
    ['ls >> out/a', ALLOW],
    ['ls >/dev/null', ALLOW],
    ['ls 2>&1 >&2 2>/dev/null', ALLOW],
    ['ls > a', NONE],
    ['ls > /etc/passwd', NONE],
    ['ls >| /etc/passwd', NONE],
    ['ls &> /etc/passwd', NONE],
    ['ls >& /etc/passwd', NONE],
    ['ls <> /etc/passwd', NONE],
    ['ls 3> /etc/passwd', NONE],
    ['ls {fd}> /etc/passwd', NONE],
    ['> /etc/passwd', NONE],
    ['ls > out/../a', NONE],
    ['ls > .env', 'deny Edit(.env)'],
    ['ls > x/.env', 'deny Edit(.env)'],
    ['(ls) > .env', 'deny Edit(.env)'],
    ['for i in a; do ls; done > .env', 'deny Edit(.env)'],
    ['f() { ls; } > .env', 'deny Edit(.env)'],
    ["bash -c 'ls > .env'", 'deny Edit(.env)'],
    ['ls > "out/a b"', ALLOW],
    ['ls > $X', UNCLEAR],
    ['ls > ~bob/x', UNCLEAR],
    ['ls < /etc/passwd', ALLOW],
    ['cd / && ls > out/a', NONE],
    ['cd $X && ls > out/a', UNCLEAR],
    ['cd x && ls > .env', 'deny Edit(.env)'],
    ['while ls; do echo > out/a; cd ..; done', UNCLEAR],
    ['f() { ls > out/a; }; cd ..; f', UNCLEAR],
  ])
})

describe('what cannot be parsed, or is beyond the bounds, asks', () => {
  check([
    ['echo "a', UNCLEAR],
    ["echo 'a", UNCLEAR],
    ['ls (', UNCLEAR],
    ['ls (x', UNCLEAR],
    ['ls )', UNCLEAR],
    ['ls &&', UNCLEAR],
    ['if ls', UNCLEAR],
    ['echo $(ls', UNCLEAR],
    ['ls \0', UNCLEAR],
    ['ls > ', UNCLEAR],
    ['echo "a; rm x', UNCLEAR],
    ['rm x\n(', DENY],
    ['echo ${x@P}', UNCLEAR],
    ["test -v 'a[$(rm x)]'", UNCLEAR],
    [`echo ${'$('.repeat(400)}ls${')'.repeat(400)}`, UNCLEAR],
    ['ls;'.repeat(5000), UNCLEAR],
    [`ls ${'x'.repeat(70_000)}`, UNCLEAR],
    [`${'sudo -Z '.repeat(300)}ls`, UNCLEAR],
    [`${'eval '.repeat(100)}ls`, UNCLEAR],
    [`${'('.repeat(3000)}ls`, UNCLEAR],
  ])
})

test('the parts are the commands and the files they write', async () => {
  const { parts } = await judgeTyped(TEXTS, 'Bash', {
    command: 'A=b ls -la | cat > out/x && bash -c \'echo "a b"\' # c',
  })
  expect(parts.map(({ text, decision }) => [text, decision])).toEqual([
    ['A=b ls -la', 'ask'],
    ['cat', 'allow'],
    ['Edit(out/x)', 'allow'],
    ['echo "a b"', 'allow'],
  ])
})
