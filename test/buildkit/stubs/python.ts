import type { Tools } from './index.ts';

const pip = `
cache=\${PIP_CACHE_DIR:-\${XDG_CACHE_HOME:-$HOME/.cache}/pip}
packages=\${VIRTUAL_ENV:-/usr/local}/lib/python3/site-packages
# A requirements file and all that it includes.
requirements() {
  need "$1"
  echo "$1"
  for file in $(sed -n 's/^ *-[rc] *//p' "$1"); do requirements "$(dirname "$1")/$file"; done
}
project() { [ -f "$1/setup.py" ] || need "$1/pyproject.toml"; (cd "$1" && readme && sources); }
readme() {
  [ ! -f pyproject.toml ] || for file in $(sed -n 's/^readme *= *"\\([^"]*\\)".*/\\1/p' pyproject.toml); do need "$file"; done
}
install_package() { has --no-cache-dir $flags || [ -n "\${PIP_NO_CACHE_DIR:-}" ] || cached "$cache" "$1"; put "$packages/$1" "package $1"; }
install() {
  flags="$*"
  while [ $# -gt 0 ]; do
    case $1 in
      -r | --requirement) files=$(requirements "$2"); for line in $(cat $files | grep -v '^ *\\(#\\|-[rc]\\)'); do install_package "$line"; done; shift ;;
      -c | --constraint) need "$2"; shift ;;
      -e | --editable) put "$packages/editable" "$(project "$2")"; shift ;;
      -*) ;;
      . | ./* | /*) key=$(project "$1"); put "$packages/project" "$key" ;;
      *) install_package "$1" ;;
    esac
    shift
  done
}
command=$1; shift
case $command in
  install) install "$@" ;;
  wheel) put "wheels/all.whl" "$(sources)" ;;
  cache) rm -rf "$cache" ;;
  check | config | list | --version) ;;
  *) fail "unknown command $command" ;;
esac`;

const python = `case \${1:-} in
  -m) module=$2; shift 2
    case $module in
      pip) exec pip "$@" ;;
      venv) put "$1/bin/activate" "VIRTUAL_ENV=$1"; put "$1/pyvenv.cfg" home ;;
      *) need "$(echo "$module" | tr . /)" ;;
    esac ;;
  -c | --version) ;;
  *) need "$1"; put "generated/$(basename "$1").txt" "$(digest "$1")" ;;
esac`;

/** pipenv, poetry and their like: a manifest, a lock, and the project itself unless told otherwise. */
const locked = (manifest: string, lock: string, cache: string, withoutProject: string) => `
command=$1; shift
case $command in
  install | sync)
    need ${manifest}
    if has --locked "$@" || has --frozen "$@" || has --deploy "$@" || has --immutable "$@"; then need ${lock}; fi
    key=$(digest ${manifest} ${lock})
    has --no-cache "$@" || cached "${cache}" "$key"
    put .venv/installed "$key"
    if ! has ${withoutProject} "$@"; then
      for file in $(sed -n 's/^readme *= *"\\([^"]*\\)".*/\\1/p' ${manifest}); do need "$file"; done
      put .venv/project "$(sources)"
    fi ;;
  pip) shift; exec pip install "$@" ;;
  run) "$@" ;;
  venv | config | lock | export | --version) ;;
  *) fail "unknown command $command" ;;
esac`;

export const pythonTools: Tools = {
  pip,
  pip3: pip,
  python,
  python3: python,
  uv: locked('pyproject.toml', 'uv.lock', `\${UV_CACHE_DIR:-$HOME/.cache/uv}`, '--no-install-project'),
  poetry: locked('pyproject.toml', 'poetry.lock', '$HOME/.cache/pypoetry/cache', '--no-root'),
  pdm: locked('pyproject.toml', 'pdm.lock', '$HOME/.cache/pdm', '--no-self'),
  pipenv: locked('Pipfile', 'Pipfile.lock', `\${PIPENV_CACHE_DIR:-$HOME/.cache/pipenv}`, 'install'),
};
