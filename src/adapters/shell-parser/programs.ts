// What is known of programs that run what they are given: their flags, and where the inner program stands. It need not be
// complete: a flag that is not listed makes it uncertain where the inner program is, and then every place counts.

export type Runner = {
  /** Adds nothing of its own: stripped before matching, also where a rule allows. */
  strips?: true
  /** Only as one of these first words: `docker exec`. */
  verbs?: string[]
  /** Flags without and with a value in the next word, and those whose value is a command line. */
  bare?: string
  valued?: string
  scripts?: string
  /** `-10` is a flag. */
  numbers?: true
  /** Words before the inner program: a duration, a container. */
  skip?: number
  /** `NAME=value` may stand before the inner program. */
  assigns?: true
  /** The inner program stands behind `--` where there is one. */
  dashes?: true
  /** Flags for command lines stand also behind what they are for: `su ann -c …`. */
  late?: true
  /** The words together are a command line for a shell. */
  joins?: true
}

export const SHELLS = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  'ksh',
  'mksh',
  'ash',
  'fish',
  'rbash',
  'csh',
  'tcsh',
  'pwsh',
])
/** What is written to the standard input of these is run, too. */
export const READ_SCRIPTS = new Set([...SHELLS, '.', 'source', 'ssh', 'su', 'at', 'batch', 'parallel', 'xargs'])
export const SHELL_FLAGS = {
  bare: '-e -u -x -v -f -l -i -r -n -h -a -b -k -m -p -s -B -C -E -H -P -T --login --norc --noprofile --posix --verbose --restricted --noediting +e +u +x',
  valued: '-o +o -O +O --rcfile --init-file',
}

const CONTAINER =
  '--env -e --env-file --user -u --workdir -w --volume -v --publish -p --name --network --net --label -l --mount --platform --memory -m --cpus --hostname -h --add-host --gpus --tmpfs --detach-keys --index --link --device --cap-add --cap-drop --security-opt --ulimit --restart'
const CONTAINER_BARE =
  '-i -t -d --interactive --tty --detach --rm --init --privileged --read-only --no-deps --build -T --no-TTY --quiet -q'
const container = (...verbs: string[]): Runner => ({
  verbs,
  valued: CONTAINER,
  bare: CONTAINER_BARE,
  scripts: '--entrypoint',
  skip: 1,
})
const runs = (...verbs: string[]): Runner => (verbs.length > 0 ? { verbs } : {})

export const RUNNERS = new Map<string, Runner>(
  Object.entries({
    timeout: {
      strips: true,
      valued: '-k --kill-after -s --signal',
      bare: '-v --verbose -f --foreground -p --preserve-status',
      skip: 1,
    },
    time: { strips: true, bare: '-p -v' },
    nice: { strips: true, valued: '-n --adjustment', numbers: true },
    nohup: { strips: true },
    stdbuf: { strips: true, valued: '-i -o -e --input --output --error' },
    command: { strips: true, bare: '-p' },
    builtin: { strips: true },
    xargs: {
      valued: '-I -n -P -L -d -a -E -s --max-args --max-procs --max-lines --delimiter --arg-file',
      bare: '-0 -r -t -p -x -o --null --no-run-if-empty --verbose --interactive --exit',
    },

    npx: {
      bare: '-y --yes --no --no-install -q --quiet --ignore-existing --prefer-offline --offline',
      valued: '-p --package -w --workspace',
      scripts: '-c --call',
    },
    npm: {
      verbs: ['exec', 'x'],
      bare: '-y --yes --no -q --quiet',
      valued: '-p --package -w --workspace',
      scripts: '-c --call',
      dashes: true,
    },
    pnpm: {
      verbs: ['exec', 'dlx'],
      bare: '-r --recursive -s --silent',
      valued: '--package --filter -F -C --dir',
      scripts: '-c --shell-mode',
    },
    yarn: { verbs: ['exec', 'dlx'], bare: '-q --quiet', valued: '-p --package' },
    bun: { verbs: ['x', 'exec'], bare: '--bun --silent' },
    bunx: { bare: '--bun --silent', valued: '-p --package' },
    pnpx: runs(),
    'cross-env': { assigns: true },
    'cross-env-shell': { assigns: true, joins: true },
    dotenv: { valued: '-e -c -v -p', dashes: true },
    concurrently: { joins: true },
    nodemon: { scripts: '-x --exec' },
    uvx: { valued: '--from --with --python -p', bare: '-q --quiet --isolated' },
    uv: {
      verbs: ['run', 'tool run'],
      valued: '--with --python -p --project --directory --env-file --extra --group',
      bare: '--no-project --frozen --locked --isolated -q --quiet --active --no-sync',
    },
    pipx: { ...runs('run'), valued: '--spec --python --index-url' },
    poetry: runs('run'),
    pipenv: runs('run'),
    pdm: runs('run'),
    hatch: runs('run'),
    rye: runs('run'),
    conda: { ...runs('run'), valued: '-n --name -p --prefix --cwd' },
    bundle: runs('exec'),
    mise: { ...runs('exec', 'x'), dashes: true },
    asdf: runs('exec'),
    direnv: { ...runs('exec'), skip: 1 },
    devbox: runs('run'),
    nix: { ...runs('run', 'shell', 'develop'), dashes: true, scripts: '-c --command' },
    'nix-shell': { scripts: '--run --command', valued: '-p -A' },
    lerna: { ...runs('exec'), dashes: true },
    git: { verbs: ['bisect run', 'submodule foreach'], valued: '-C -c', joins: true },

    docker: container('exec', 'run', 'container exec', 'container run', 'compose exec', 'compose run', 'create'),
    podman: container('exec', 'run', 'container exec', 'container run', 'compose exec', 'compose run', 'create'),
    nerdctl: container('exec', 'run', 'compose exec', 'compose run'),
    'docker-compose': container('exec', 'run'),
    'podman-compose': container('exec', 'run'),
    kubectl: {
      verbs: ['exec', 'run'],
      valued: '-n --namespace -c --container --context --kubeconfig --image',
      bare: '-i -t --stdin --tty -q',
      skip: 1,
      dashes: true,
    },
    oc: {
      verbs: ['exec', 'rsh', 'run'],
      valued: '-n --namespace -c --container',
      bare: '-i -t',
      skip: 1,
      dashes: true,
    },
    lxc: { verbs: ['exec'], skip: 1, dashes: true },
    vagrant: { late: true, verbs: ['ssh'], scripts: '-c --command' },
    fly: { verbs: ['ssh console'], scripts: '-C --command' },
    chroot: { skip: 1, valued: '--userspec --groups' },
    unshare: { bare: '-m -u -i -n -p -U -f -r --mount --uts --ipc --net --pid --user --fork --map-root-user' },
    nsenter: { valued: '-t --target -S -G', bare: '-a -m -u -i -n -p -U --all' },
    bwrap: {},
    firejail: {},
    proot: {},
    'systemd-run': {},
    'systemd-inhibit': {},

    env: {
      assigns: true,
      bare: '-i -0 -v --ignore-environment --null --debug -',
      valued: '-u --unset -C --chdir',
      scripts: '-S --split-string',
    },
    sudo: {
      assigns: true,
      valued:
        '-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot --close-from --role --type',
      bare: '-A -b -E -e -H -i -K -k -l -n -P -S -s -v -V --non-interactive --preserve-env --set-home --login --shell --stdin --background --list --validate',
    },
    doas: { valued: '-u -C -a', bare: '-n -s -L' },
    pkexec: { valued: '--user', bare: '--disable-internal-agent' },
    su: {
      late: true,
      valued: '-s --shell -g --group -G -w',
      bare: '- -l --login -m -p --preserve-environment -P --pty',
      scripts: '-c --command --session-command',
      skip: 1,
    },
    runuser: { late: true, valued: '-u --user -g -G -s', bare: '- -l -m -p', scripts: '-c --command' },
    setpriv: {},
    capsh: {},
    exec: { bare: '-c -l', valued: '-a' },
    coproc: {},
    noglob: {},
    '-': {},
    repeat: { skip: 1 },
    nocorrect: {},
    watch: {
      valued: '-n --interval',
      bare: '-t -b -e -g -c -x -d -p -w --no-title --beep --errexit --chgexit --color --exec --differences --precise --no-wrap',
      joins: true,
    },
    setsid: { bare: '-c -f -w --ctty --fork --wait' },
    ionice: { valued: '-c -n -p -P -u --class --classdata', bare: '-t' },
    chrt: { bare: '-b -f -i -o -r -a', skip: 1 },
    taskset: { bare: '-a -c', skip: 1 },
    numactl: {},
    prlimit: {},
    cpulimit: {},
    cgexec: { valued: '-g' },
    flock: {
      late: true,
      bare: '-n -s -x -e -u -o -F --nonblock --shared --exclusive --unlock --close --no-fork',
      valued: '-w -E --timeout --wait --conflict-exit-code',
      scripts: '-c --command',
      skip: 1,
    },
    script: {
      late: true,
      scripts: '-c --command',
      bare: '-q -a -e -f --quiet --append --return --flush',
      valued: '-t -O -o -I -B -T',
      skip: 1,
    },
    unbuffer: { bare: '-p' },
    rlwrap: {},
    expect: { scripts: '-c' },
    parallel: { joins: true },
    entr: { bare: '-a -c -d -n -p -r -s -x -z', joins: true },
    watchexec: { valued: '-e -w -f -i', bare: '-r -c', joins: true },
    watchman: {},
    strace: { valued: '-e -o -p -s -u -E', bare: '-f -ff -t -tt -T -v -c -y -yy -q' },
    ltrace: { valued: '-e -o -p -s -u', bare: '-f' },
    gdb: { bare: '--args -q -batch', valued: '-ex -x' },
    valgrind: {},
    perf: { verbs: ['record', 'stat', 'trace'], valued: '-e -o -F', dashes: true },
    hyperfine: { joins: true, valued: '-w -r -m -M -p -n', bare: '-i -N' },
    fakeroot: { dashes: true },
    faketime: { skip: 1 },
    'xvfb-run': { bare: '-a', valued: '-n -s -e -f' },
    'dbus-run-session': { dashes: true },
    'start-stop-daemon': {},
    caffeinate: { bare: '-d -i -m -s -u', valued: '-t -w' },
    proxychains: { bare: '-q', valued: '-f' },
    proxychains4: { bare: '-q', valued: '-f' },
    torsocks: {},
    busybox: {},
    toybox: {},
    op: { verbs: ['run'], dashes: true },
    doppler: { verbs: ['run'], dashes: true, scripts: '--command' },
    'aws-vault': { verbs: ['exec'], skip: 1, dashes: true },
    infisical: { verbs: ['run'], dashes: true, scripts: '--command' },
    chamber: { verbs: ['exec'], dashes: true },
    ssh: {
      skip: 1,
      joins: true,
      bare: '-4 -6 -A -a -C -f -G -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y',
      valued: '-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w',
    },
    tmux: {
      verbs: [
        'new',
        'new-session',
        'neww',
        'new-window',
        'split-window',
        'run-shell',
        'run',
        'respawn-pane',
        'send-keys',
      ],
      joins: true,
      valued: '-s -n -c -t',
      bare: '-d -A -P',
    },
    screen: { bare: '-d -m -D -r -A', valued: '-S -t' },
    trap: { joins: true },
    source: {},
    '.': {},
  } satisfies Record<string, Runner>),
)

/** Of `find` and its like: flags that run a program up to `;` or `+`, which may stand right behind them, and what changes files. */
export type Finder = { runs: RegExp; acts: string[] }

const FD: Finder = { runs: /^(?:-[HIuLpasgF0lqiv1]*[xX]|--exec(?:-batch)?=?)(.*)$/su, acts: [] }
export const FINDERS = new Map<string, Finder>([
  ['find', { runs: /^-(?:exec|ok)(?:dir)?$/u, acts: ['-delete', '-fprint', '-fprint0', '-fprintf', '-fls'] }],
  ['fd', FD],
  ['fdfind', FD],
])
