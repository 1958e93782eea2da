import type { Tools } from './index.ts';

/** What npm, yarn and pnpm share: manifests, local packages, lifecycle scripts, node_modules. */
const install = `
manifests() {
  echo package.json
  for file in package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs; do
    [ ! -f "$file" ] || echo "$file"
  done
  for pattern in $(tr -d ' \\n' < package.json | sed -n 's/.*"workspaces":\\[\\([^]]*\\)\\].*/\\1/p' | tr -d '"' | tr ',' ' '); do
    for member in $pattern; do [ ! -f "$member/package.json" ] || echo "$member/package.json"; done
  done
  [ ! -d patches ] || find patches -type f | sort
}
local_packages() { tr ',' '\\n' < package.json | sed -n 's/.*"file:\\([^"]*\\)".*/\\1/p'; }
lifecycle() {
  for name; do
    script=$(value package.json "$name" || true)
    [ -z "$script" ] || PATH=$PWD/node_modules/.bin:$PATH sh -c "$script"
  done
}
install() {
  need package.json
  for folder in $(local_packages); do need "$folder/package.json"; done
  kind=all
  if has --omit=dev "$@" || has --production "$@" || has --prod "$@" || [ "\${NODE_ENV:-}" = production ]; then kind=production; fi
  key=$(digest $(manifests))-$kind
  cached "$cache" "$key"
  has --ignore-scripts "$@" || lifecycle preinstall
  rm -rf node_modules
  put node_modules/.installed "$key"
  has --ignore-scripts "$@" || lifecycle install postinstall prepublish preprepare prepare postprepare
}
run_script() {
  need package.json
  name=$1; shift
  [ -n "$(value package.json "$name" || true)" ] || fail "missing script: $name"
  lifecycle "pre$name" "$name" "post$name"
}
`;

/** A compiler or bundler: needs what is installed, reads all sources. */
const bundler = 'need node_modules/.installed\nput dist/main.js "$(sources) $(cat node_modules/.installed)"';

export const javascriptTools: Tools = {
  npm: `${install}
cache=\${npm_config_cache:-$HOME/.npm}/_cacache
command=\${1:-}; [ $# -eq 0 ] || shift
case $command in
  ci) [ -f package-lock.json ] || need npm-shrinkwrap.json; install "$@" ;;
  install | i | add)
    if has -g "$@" || has --global "$@"; then for name in $(words "$@"); do put "/usr/local/lib/node_modules/$name/package.json" "$name"; done
    else install "$@"; [ -f package-lock.json ] || put package-lock.json "$(digest package.json)"; fi ;;
  run | run-script) run_script "$@" ;;
  test | start) run_script "$command" ;;
  rebuild) need node_modules/.installed; lifecycle install postinstall ;;
  prune) need node_modules/.installed; echo pruned >> node_modules/.installed ;;
  cache) rm -rf "$cache" ;;
  config | set | --version | -v) ;;
  *) fail "unknown command $command" ;;
esac`,
  yarn: `${install}
cache=\${YARN_CACHE_FOLDER:-/usr/local/share/.cache/yarn}/v6
[ "$(id -u)" = 0 ] || cache=$HOME/.cache/yarn/v6
command=\${1:-install}; [ $# -eq 0 ] || shift
case $command in
  install | --*) if has --immutable "$@" || has --frozen-lockfile "$command" "$@"; then need yarn.lock; fi; install "$@"
    [ -f yarn.lock ] || put yarn.lock "$(digest package.json)" ;;
  cache) rm -rf "$cache" ;;
  config | set | --version) ;;
  run) run_script "$@" ;;
  *) run_script "$command" ;;
esac`,
  pnpm: `${install}
cache=\${PNPM_HOME:-$HOME/.local/share/pnpm}/store
command=\${1:-}; [ $# -eq 0 ] || shift
case $command in
  fetch) need pnpm-lock.yaml; cached "$cache" "$(digest pnpm-lock.yaml pnpm-workspace.yaml)"; put node_modules/.pnpm "$(digest pnpm-lock.yaml)" ;;
  install | i) ! has --frozen-lockfile "$@" || need pnpm-lock.yaml; install "$@" ;;
  run) run_script "$@" ;;
  store) rm -rf "$cache" ;;
  config | --version) ;;
  *) run_script "$command" ;;
esac`,
  corepack: '',
  npx: '[ "$1" != --yes ] || shift\n"$@"',
  node: 'script=$1\nneed "$script"\nput "generated/$(basename "$script").txt" "$(digest "$script")"',
  prisma: 'need prisma/schema.prisma\nput node_modules/.prisma/client.js "$(digest prisma/schema.prisma)"',
  'patch-package': 'need patches\nput node_modules/.patched "$(digest $(find patches -type f | sort))"',
  husky: 'put .husky/_/husky.sh husky',
  tsc: bundler,
  vite: bundler,
  webpack: bundler,
  next: 'need node_modules/.installed\nput .next/BUILD_ID "$(sources) $(cat node_modules/.installed)"',
  bun: `${install}
cache=$HOME/.bun/install/cache
command=$1; shift
case $command in install | i) install "$@" ;; run) run_script "$@" ;; *) run_script "$command" ;; esac`,
};
