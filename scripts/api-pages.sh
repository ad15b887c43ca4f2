#!/bin/sh
# Writes the reference of the three libraries, from their docstrings, to .build/api (index.html). typedoc is fetched on
# demand and not installed with the other dependencies, so that a first install stays small.
set -eu
cd "$(dirname "$0")/.."
sh scripts/prepare.sh
exec npx --yes typedoc@0.28.20 --tsconfig tsconfig.json --out .build/api --name 'Maelstrom for TypeScript' --readme none \
  --excludeInternal --excludePrivate --validation.notExported false --disableSources \
  src/index.ts src/node/index.ts src/testing/index.ts src/checkers/index.ts
