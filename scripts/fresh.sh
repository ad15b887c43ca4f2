# Sourced by the launcher and by prepare.sh: checks whether the built program is newer than all its sources.
# The stamp has the time of the build's start, so that an edit during a build is not missed. Directories count too,
# since their time changes when a file is added or removed.

is_built() {
  [ -f "$1/dist/.built" ] && [ -f "$1/dist/maelstrom.js" ] &&
    [ -z "$(find "$1/src" "$1/viewer" "$1/package.json" "$1/package-lock.json" "$1/scripts/build.mjs" \
      -newer "$1/dist/.built" ! -name '*.test.ts' -print 2>&1)" ]
}
