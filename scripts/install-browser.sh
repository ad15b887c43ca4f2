#!/bin/sh
# Makes sure that there is a Chromium for the tests of the viewer: uses an installed one, or installs it on Debian (or
# Ubuntu) as root, headless if there is such a package. Otherwise it prints what to do, and so do the tests that need
# it. MAELSTROM_NO_BROWSER=1 skips the installation and those tests.
set -u

if [ "${MAELSTROM_NO_BROWSER:-}" = 1 ]; then
  echo 'maelstrom: MAELSTROM_NO_BROWSER=1: tests that need a browser are skipped.' >&2
  exit 0
fi

for name in "${CHROMIUM:-}" /usr/bin/chromium-headless-shell /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
  [ -n "$name" ] && [ -x "$name" ] && exit 0
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -q >/dev/null 2>&1
  for package in chromium-headless-shell chromium; do
    echo "maelstrom: installing Chromium for the tests of the viewer (apt-get install $package) ..." >&2
    if DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package" >/dev/null 2>&1; then exit 0; fi
  done
  echo 'maelstrom: that did not work.' >&2
fi
echo 'maelstrom: no Chromium was found. Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/it' >&2
