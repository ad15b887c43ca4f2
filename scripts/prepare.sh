#!/bin/sh
# Makes a clone ready to run: checks Node, installs dependencies if package-lock.json differs from those installed, and
# builds dist/ if sources have changed. Safe to start several times at once: one instance works, the others wait.
# Prints one line per step; the output of npm and the build is kept in .build/ and shown if they fail.
set -u

root=$(CDPATH='' cd -- "$(dirname "$0")/.." && pwd -P) || exit 255
cd "$root" || exit 255
. scripts/fresh.sh

say() { printf 'maelstrom: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 255
}

check_node() {
  command -v node >/dev/null 2>&1 ||
    fail 'Node.js was not found on the PATH. Install Node.js 20.19 or later (https://nodejs.org), then try again.'
  version=$(node --version 2>/dev/null) || fail '`node --version` failed; is your Node.js installation in order?'
  major=${version#v}
  minor=${major#*.}
  major=${major%%.*}
  minor=${minor%%.*}
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "Node.js $version is too old: 20.19 or later is needed. ($(command -v node))"
  fi
}

# The lock is a symbolic link to `pid-N`, created and labelled in one atomic step. If its owner has died, it is removed
# under a second, momentary lock, so that two waiting processes cannot remove each other's lock.
lock=.build/lock
have_lock=no
release() {
  if [ "$have_lock" = yes ]; then rm -f "$lock"; fi
}
acquire() {
  mkdir -p .build 2>/dev/null && [ -w .build ] ||
    fail "cannot write to $root/.build: installing and building needs a writable directory."
  waited=0
  until ln -s "pid-$$" "$lock" 2>/dev/null; do
    owner=$(readlink "$lock" 2>/dev/null) || continue
    if ! kill -0 "${owner#pid-}" 2>/dev/null; then
      if mkdir "$lock.stale" 2>/dev/null; then
        if [ "$(readlink "$lock" 2>/dev/null)" = "$owner" ]; then rm -f "$lock"; fi
        rmdir "$lock.stale"
      else
        sleep 1
      fi
      continue
    fi
    if [ "$waited" -eq 2 ]; then say "another maelstrom (process ${owner#pid-}) is installing or building; waiting for it"; fi
    if [ "$waited" -ge 900 ]; then
      fail "gave up after 15 minutes. If process ${owner#pid-} has nothing to do with maelstrom, remove $root/$lock and try again."
    fi
    waited=$((waited + 1))
    sleep 1
  done
  have_lock=yes
}
trap release EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Dependencies are up to date if they were installed from the current package-lock.json, by this script (which keeps a
# copy of it) or by hand (then npm's own record is newer).
is_installed() {
  cmp -s package-lock.json node_modules/.maelstrom-installed.json && return 0
  [ -f node_modules/.package-lock.json ] &&
    [ -z "$(find package-lock.json -newer node_modules/.package-lock.json -print)" ]
}

install_dependencies() {
  command -v npm >/dev/null 2>&1 || fail 'npm was not found on the PATH; it comes with Node.js (https://nodejs.org).'
  say 'installing what the build needs, once ...'
  options='--include=dev --ignore-scripts --no-audit --no-fund --loglevel=error'
  # `npm ci` refuses a lock file without the builds of optional packages for other platforms, which npm omits if it
  # cannot fetch them; `npm install` accepts it, and installs the same versions.
  # shellcheck disable=SC2086
  if ! npm ci $options </dev/null >.build/install.log 2>&1 &&
    ! npm install --no-save $options </dev/null >>.build/install.log 2>&1; then
    cat .build/install.log >&2
    fail "npm could not install. Its output is above and in $root/.build/install.log. Are you online?"
  fi
  cp package-lock.json node_modules/.maelstrom-installed.json
}

build() {
  say 'building ...'
  : >".build/stamp.$$"
  if ! node scripts/build.mjs </dev/null >.build/build.log 2>&1; then
    rm -f ".build/stamp.$$"
    cat .build/build.log >&2
    fail "the build failed. Its output is above and in $root/.build/build.log"
  fi
  mv ".build/stamp.$$" dist/.built
}

check_node
acquire
is_installed || install_dependencies
is_built "$root" || build
