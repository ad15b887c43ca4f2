#!/bin/sh
# Runs all or the named tests, and writes their line coverage to .build/coverage (index.html). The coverage tool is
# installed here on first use and not with the other dependencies, so that a first install stays small.
set -eu
cd "$(dirname "$0")/.."
sh scripts/prepare.sh
version=$(node -p "require('./package-lock.json').packages['node_modules/vitest'].version")
if [ "$(node -p "require('@vitest/coverage-v8/package.json').version" 2>/dev/null)" != "$version" ]; then
  npm install --no-save --no-package-lock --ignore-scripts "@vitest/coverage-v8@$version"
fi
exec node_modules/.bin/vitest run --coverage.enabled --coverage.reportsDirectory=.build/coverage \
  --coverage.include='src/**' --coverage.include='viewer/src/**' --coverage.reporter=text-summary --coverage.reporter=html "$@"
