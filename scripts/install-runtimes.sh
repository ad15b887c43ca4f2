#!/bin/sh
# Installs Bun and Deno from npm into .build/runtimes, once, for the tests of the SDK. Where that is impossible (no
# network, an unsupported platform) it says so, and the tests are skipped with a message. MAELSTROM_NO_RUNTIMES=1 skips
# both.
set -u
cd "$(dirname "$0")/.." || exit 1

BUN=1.4.5
DENO=2.9.6

if [ "${MAELSTROM_NO_RUNTIMES:-}" = 1 ]; then
  echo 'maelstrom: MAELSTROM_NO_RUNTIMES=1: the SDK is not tried on Bun and Deno.' >&2
  exit 0
fi
case "$(uname -s) $(uname -m)" in
  'Linux x86_64') bun=linux-x64 deno=linux-x64-glibc ;;
  'Linux aarch64') bun=linux-aarch64 deno=linux-arm64-glibc ;;
  'Darwin arm64') bun=darwin-aarch64 deno=darwin-arm64 ;;
  'Darwin x86_64') bun=darwin-x64 deno=darwin-x64 ;;
  *)
    echo "maelstrom: Bun and Deno are not installed on $(uname -s) $(uname -m): the SDK is not tried there." >&2
    exit 0
    ;;
esac
folder=.build/runtimes
stamp="$folder/bun-$BUN-deno-$DENO"
[ -f "$stamp" ] && exit 0

echo 'maelstrom: installing Bun and Deno for the tests of the SDK, once ...' >&2
rm -rf "$folder" && mkdir -p "$folder"
echo '{ "private": true }' >"$folder/package.json"
if npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@oven/bun-$bun@$BUN" "@deno/$deno@$DENO" >"$folder/install.log" 2>&1; then
  ln -s "node_modules/@oven/bun-$bun/bin/bun" "$folder/bun"
  ln -s "node_modules/@deno/$deno/deno" "$folder/deno"
  chmod +x "$folder/bun" "$folder/deno"
  : >"$stamp"
else
  echo "maelstrom: that did not work (see $folder/install.log); the SDK is not tried on Bun and Deno." >&2
fi
