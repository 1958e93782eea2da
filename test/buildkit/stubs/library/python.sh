# What the installers of Python packages share.
. /usr/local/lib/stubs/common.sh

packages=${VIRTUAL_ENV:-/usr/local}/lib/python3/site-packages
# What a build of the project in the current folder reads besides its sources.
metadata() {
  [ ! -f pyproject.toml ] || for file in $(sed -n 's/^readme *= *"\([^"]*\)".*/\1/p; s/^license *= *{ *file *= *"\([^"]*\)".*/\1/p; s/^license-files *= *\["\([^"]*\)".*/\1/p' pyproject.toml); do need "$file"; done
  # setuptools-scm and its like ask git for the version.
  ! grep -qs 'setuptools.scm\|hatch-vcs\|versioningit' pyproject.toml || need .git/HEAD
  ! grep -q 'read_requirements\|open(' setup.py 2> /dev/null || need $(sed -n "s/.*open(['\"]\([^'\"]*\)['\"].*/\1/p" setup.py)
}
# project FOLDER: a digest of what building it reads.
project() { [ -f "$1/setup.py" ] || need "$1/pyproject.toml"; (cd "$1" && metadata && { sources; digest .git/HEAD; } | digest_lines); }
digest_lines() { sha256sum | cut -c 1-16; }
# Folders that a manifest names: `path = "libs/core"`.
path_dependencies() { sed -n 's/.*path *= *"\([^"]*\)".*/\1/p' "$1"; }
