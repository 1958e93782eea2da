# What npm, yarn, pnpm and bun share: workspaces, lifecycle scripts, node_modules.
. /usr/local/lib/stubs/common.sh

members() {
  for pattern in $([ ! -f pnpm-workspace.yaml ] || sed -n "s/^ *- *['\"]*\([^'\"]*\)['\"]*$/\1/p" pnpm-workspace.yaml) \
    $(list package.json workspaces) $(! grep -q '"workspaces": *{' package.json || list package.json packages); do
    for folder in $pattern; do [ ! -f "$folder/package.json" ] || echo "${folder%/}"; done
  done
}
# Folders and archives that manifests name by `file:` and `link:`.
local_packages() { tr ',' '\n' < package.json | sed -n 's/.*"\(file\|link\|portal\):\([^"]*\)".*/\2/p'; }
manifests() {
  echo package.json
  for folder in $(members); do echo "$folder/package.json"; done
  for path in $(local_packages); do
    need "$path"
    if [ -d "$path" ]; then need "$path/package.json"; echo "$path/package.json"; else echo "$path"; fi
  done
}
lifecycle() {
  for name; do
    script=$(value package.json "$name")
    [ -z "$script" ] || PATH=$PWD/node_modules/.bin:$PATH sh -ec "$script"
  done
}
in_members() { for folder in $(members); do (cd "$folder" && lifecycle "$@"); done; }
# Which dependencies are wanted: those for development or not.
kind() {
  if has --omit=dev "$@" || has --production "$@" || has --prod "$@" || has -P "$@" || [ "${NODE_ENV:-}" = production ]; then echo production; else echo all; fi
}
ignores_scripts() {
  has --ignore-scripts "$@" || [ "${npm_config_ignore_scripts:-}" = true ] || { [ -f .npmrc ] && grep -q '^ignore-scripts *= *true' .npmrc; }
}
run_script() {
  need package.json
  name=$1; shift
  [ -n "$(value package.json "$name")" ] || fail "missing script: $name"
  lifecycle "pre$name" "$name" "post$name"
}
# modules KEY: a folder for all, and links to the members.
modules() {
  rm -rf node_modules
  put node_modules/.installed "$1"
  for folder in $(members); do ln -sf "../$folder" "node_modules/$(basename "$folder")"; done
}
