# Shell functions of all stub tools. Every digest is over names and contents in sorted order: the same input, the same output.
set -eu
tool=${0##*/}
fail() { echo "$tool: $*" >&2; exit 1; }
need() { for file; do [ -e "$file" ] || fail "cannot find $file"; done; }
# Of the files among the arguments; those that are not there count as absent.
digest() { for file; do [ ! -f "$file" ] || sha256sum "$file"; done | sha256sum | cut -c 1-16; }
# Of all files below the current folder that are sources: not what installs and builds have written.
sources() {
  find . -type f ! -path '*/node_modules/*' ! -path '*/.git/*' ! -path './dist/*' ! -path './target/*' ! -path '*/vendor/*' \
    ! -path '*/.venv/*' ! -path '*/bin/Release/*' ! -path '*/obj/*' ! -path './deps/*' ! -path './_build/*' ! -path './build/*' \
    ! -path './dist-newstyle/*' ! -path './.stack-work/*' ! -path './.build/*' ! -path './.gradle/*' ! -path './.dart_tool/*' \
    ! -path './renv/library/*' |
    sort | xargs -r sha256sum | sha256sum | cut -c 1-16
}
# files FOLDER PATTERN: digest of the files of that name below a folder.
files() { find "$1" -name "$2" -type f | sort | xargs -r sha256sum | sha256sum | cut -c 1-16; }
# put FILE CONTENT
put() { mkdir -p "$(dirname "$1")"; echo "$2" > "$1"; }
# cached FOLDER KEY: a download cache, which may hold anything and is filled with what is missing.
cached() { [ -e "$1/$2" ] || put "$1/$2" "package $2"; }
# empty FOLDER: it may be a mount, which stays.
empty() { rm -rf "$1"/*; }
has() { wanted=$1; shift; for word; do [ "$word" != "$wanted" ] || return 0; done; return 1; }
# option NAME ARGUMENT…: the value of `NAME value` or `NAME=value`.
option() {
  wanted=$1; shift
  while [ $# -gt 0 ]; do case $1 in "$wanted") echo "${2:-}"; return ;; "$wanted="*) echo "${1#*=}"; return ;; esac; shift; done
}
# value FILE KEY: a string of a JSON file in which keys are unlike each other.
value() { [ ! -f "$1" ] || tr -d '\n' < "$1" | sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p"; }
# list FILE KEY: the strings of an array of a JSON or TOML file.
list() { [ ! -f "$1" ] || tr -d ' \n' < "$1" | sed -n "s/.*\"\{0,1\}$2\"\{0,1\}[:=]\[\([^]]*\)\].*/\1/p" | tr -d \'\" | tr ',' '\n'; }
# words ARGUMENT…: those that are no options.
words() { for word; do case $word in -*) ;; *) echo "$word" ;; esac; done; }
