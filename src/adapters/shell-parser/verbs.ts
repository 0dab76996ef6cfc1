// Programs that take options before the word that says what they do. A rule that denies or asks names the word alone:
// `git -C .. push` is `git push`.

import { isFlag } from './flags.ts'
import { roughly, textIn, type Read } from './words.ts'

/** Options before the verb that take the next word. */
const VALUED = new Map(
  Object.entries({
    git: '-C -c --git-dir --work-tree --namespace --super-prefix --config-env --attr-source',
    npm: '-C --prefix --registry -w --workspace --userconfig --globalconfig --cache --loglevel --tag --access --otp --scope --omit --include',
    pnpm: '-C --dir -F --filter --workspace-concurrency --reporter --loglevel --registry --tag',
    yarn: '--cwd --cache-folder --registry',
    docker: '-c --context -H --host -l --log-level --config --tlscacert --tlscert --tlskey',
    podman: '-c --connection --url --identity --log-level --root --runroot --config --network-config-dir',
    kubectl:
      '-n --namespace --context --cluster --kubeconfig --user -s --server --token --as --as-group --request-timeout -v --v --cache-dir --certificate-authority',
    helm: '-n --namespace --kube-context --kubeconfig --registry-config --repository-config',
    cargo: '-C -Z --config --color',
    go: '-C',
    gh: '-R --repo',
    aws: '--profile --region --output --endpoint-url --query',
    gcloud: '--project --account --configuration --format --verbosity',
    terraform: '',
    systemctl: '-H --host -M --machine -t --type -p --property -s --signal',
  }),
)

/** The words without those options, or null where there are none. */
export function withoutOptions(words: Read[]): Read[] | null {
  const [first, ...rest] = words
  const valued = VALUED.get((first ? (textIn(first) ?? '') : '').replace(/^.*\//su, ''))?.split(' ')
  if (!first || !valued) return null
  let at = 0
  while (isFlag(rest[at])) at += valued.includes(roughly(rest[at] as Read)) ? 2 : 1
  return at === 0 ? null : [first, ...rest.slice(at)]
}
