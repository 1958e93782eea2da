import type { Tools } from './index.ts';

/** Maven and Gradle: build scripts of all modules, then the sources. */
const jvm = (scripts: string, cache: string, resolve: string, output: string) => `
scripts() { find . ${scripts} | sort; }
[ -n "$(scripts)" ] || fail 'there is no build here'
key=$(digest $(scripts))
if has -o "$@" || has --offline "$@"; then need "${cache}/$key"; else cached "${cache}" "$key"; fi
build=
for word; do case $word in ${resolve}) ;; -*) ;; *) build=yes ;; esac; done
[ -z "$build" ] || put ${output} "$(sources) $key"`;

const maven = jvm('-name pom.xml', '$HOME/.m2/repository', 'dependency:*', 'target/app.jar');
const gradle = jvm(
  "\\( -name '*.gradle' -o -name '*.gradle.kts' -o -name gradle.properties \\)",
  `\${GRADLE_USER_HOME:-$HOME/.gradle}/caches`,
  'dependencies|resolve',
  'build/libs/app.jar',
);

export const managedTools: Tools = {
  mvn: maven,
  gradle,
  dotnet: `
packages=\${NUGET_PACKAGES:-$HOME/.nuget/packages}
projects() { find . \\( -name '*.*proj' -o -name '*.sln' -o -name 'Directory.*.props' -o -iname nuget.config -o -name global.json \\) ! -path '*/obj/*' | sort; }
restore() { [ -n "$(projects)" ] || fail 'no project here'; key=$(digest $(projects)); cached "$packages" "$key"; put obj/project.assets.json "$key"; }
command=$1; shift
case $command in
  restore) restore ;;
  build | publish | test)
    if has --no-restore "$@"; then need obj/project.assets.json "$packages/$(cat obj/project.assets.json)"; else restore; fi
    out=bin/Release
    while [ $# -gt 0 ]; do case $1 in -o | --output) out=$2; shift ;; esac; shift; done
    put "$out/app.dll" "$(sources) $(cat obj/project.assets.json)" ;;
  tool | --version | --info) ;;
  *) fail "unknown command $command" ;;
esac`,
  composer: `
cache=\${COMPOSER_CACHE_DIR:-\${COMPOSER_HOME:-$HOME/.composer}/cache}
autoload() { put vendor/autoload.php "$(find . -name '*.php' -type f ! -path './vendor/*' | sort | xargs -r sha256sum | sha256sum | cut -c 1-16)"; }
command=$1; shift
case $command in
  install | update)
    need composer.json
    key=$(digest composer.json composer.lock)
    has --no-cache "$@" || cached "$cache" "$key"
    put vendor/installed.json "$key"
    has --no-autoloader "$@" || autoload
    if ! has --no-scripts "$@"; then script=$(value composer.json post-install-cmd || true); [ -z "$script" ] || sh -c "$script"; fi ;;
  dump-autoload) need vendor/installed.json; autoload ;;
  run-script) script=$(value composer.json "$1" || true); [ -z "$script" ] || sh -c "$script" ;;
  clear-cache | clearcache) rm -rf "$cache" ;;
  *) fail "unknown command $command" ;;
esac`,
  php: 'need "$1"\nput "generated/$(basename "$1").txt" "$(digest "$1")"',
  bundle: `
gems=\${BUNDLE_PATH:-/usr/local/bundle}
command=\${1:-install}; [ $# -eq 0 ] || shift
case $command in
  install)
    need Gemfile
    if grep -q gemspec Gemfile; then ls ./*.gemspec > /dev/null 2>&1 || fail 'there is no gemspec'; fi
    for folder in $(sed -n "s/.*path: *['\\"]\\([^'\\"]*\\)['\\"].*/\\1/p" Gemfile); do need "$folder"; done
    key=$(digest Gemfile Gemfile.lock $(ls ./*.gemspec 2> /dev/null || true))
    cached "$gems/cache" "$key"
    put "$gems/gems/$key/gem.rb" "$key" ;;
  exec) "$@" ;;
  config) ;;
  *) fail "unknown command $command" ;;
esac`,
  rake: 'need Rakefile\nput public/assets.json "$(sources)"',
  mix: `
command=$1; shift
case $command in
  local.hex | local.rebar) put "$HOME/.mix/$command" installed ;;
  deps.get) need mix.exs; cached "$HOME/.hex/packages" "$(digest mix.exs mix.lock)"; put deps/all "$(digest mix.exs mix.lock)" ;;
  deps.compile) need mix.exs deps/all; put _build/deps "$(cat deps/all) $(digest config/config.exs config/prod.exs)" ;;
  compile | release) need mix.exs deps/all; put _build/app "$(sources) $(cat deps/all)" ;;
  *) fail "unknown command $command" ;;
esac`,
};
