#!/bin/sh
# Installs redis-server for the tests of campaigns where possible (Debian and its derivatives, as root). Elsewhere it
# says so, and the tests are skipped with the same message.
set -u
command -v redis-server >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo 'maelstrom: installing redis-server for the tests of campaigns, once ...' >&2
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server; } >/dev/null 2>&1
fi
command -v redis-server >/dev/null 2>&1 ||
  echo 'maelstrom: redis-server cannot be installed: hunts through a queue are not tried.' >&2
exit 0
