#!/bin/sh
# Installs what is missing, builds, and runs all tests: the one command that checks this clone.
# Arguments are passed to vitest: sh scripts/test.sh src/store
set -eu
cd "$(dirname "$0")/.."
sh scripts/prepare.sh
sh scripts/install-browser.sh
sh scripts/install-runtimes.sh
sh scripts/install-redis.sh
exec node scripts/run-tests.mjs "$@"
