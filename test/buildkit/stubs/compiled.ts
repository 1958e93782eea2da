import type { Tools } from './index.ts';

export const compiledTools: Tools = {
  go: `
modules=\${GOMODCACHE:-\${GOPATH:-/go}/pkg/mod}
objects=\${GOCACHE:-$HOME/.cache/go-build}
download() {
  need go.mod
  for folder in $(sed -n 's/.*=> *\\(\\.\\.*\\/[^ ]*\\).*/\\1/p' go.mod); do need "$folder/go.mod"; done
  [ -d vendor ] || cached "$modules" "$(digest go.mod go.sum)"
}
command=$1; shift
case $command in
  mod) [ "$1" != download ] && [ "$1" != verify ] || download ;;
  build | install | test)
    download
    out=app
    while [ $# -gt 0 ]; do case $1 in -o) out=$2; shift ;; esac; shift; done
    key=$(find . -name '*.go' -type f | sort | xargs -r sha256sum | sha256sum | cut -c 1-16)
    cached "$objects" "$key"
    [ "$command" != install ] || out=\${GOPATH:-/go}/bin/app
    [ "$command" = test ] || put "$out" "$key $(digest go.mod go.sum)" ;;
  generate | vet | env | version) ;;
  *) fail "unknown command $command" ;;
esac`,
  cargo: `
registry=\${CARGO_HOME:-/usr/local/cargo}/registry
fetch() {
  need Cargo.toml
  ! has --locked "$@" || need Cargo.lock
  for member in $(tr -d ' \\n' < Cargo.toml | sed -n 's/.*members=\\[\\([^]]*\\)\\].*/\\1/p' | tr -d '"' | tr ',' ' '); do
    for folder in $member; do need "$folder/Cargo.toml"; done
  done
  cached "$registry" "$(digest Cargo.toml Cargo.lock)"
}
command=$1; shift
case $command in
  fetch) fetch "$@" ;;
  build | install | test | check)
    fetch "$@"
    [ -f src/main.rs ] || [ -f src/lib.rs ] || [ -n "$(find . -path './*/src/*.rs' | head -n 1)" ] || fail 'no targets specified in the manifest'
    profile=debug
    ! has --release "$@" || profile=release
    put "target/$profile/app" "$(find . -name '*.rs' -type f ! -path './target/*' | sort | xargs -r sha256sum | sha256sum) $(digest Cargo.toml Cargo.lock)" ;;
  new | init) put src/main.rs 'fn main() {}'; put Cargo.toml '[package]' ;;
  *) fail "unknown command $command" ;;
esac`,
  make: `need Makefile
put made "$(sources)"`,
  gcc: 'put a.out "$(sources)"',
};
