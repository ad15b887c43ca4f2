#!/bin/sh
# Runs the tests, or those named, and writes which lines they reach to .build/coverage (index.html). What measures it is
# installed here, when first asked for, and not with the rest: a first install stays small.
set -eu
cd "$(dirname "$0")/.."
sh scripts/prepare.sh
version=$(node -p "require('./package-lock.json').packages['node_modules/vitest'].version")
if [ "$(node -p "require('@vitest/coverage-v8/package.json').version" 2>/dev/null)" != "$version" ]; then
  npm install --no-save --no-package-lock --ignore-scripts "@vitest/coverage-v8@$version"
fi
exec node_modules/.bin/vitest run --coverage.enabled --coverage.reportsDirectory=.build/coverage \
  --coverage.include='src/**' --coverage.include='viewer/src/**' --coverage.reporter=text-summary --coverage.reporter=html "$@"
