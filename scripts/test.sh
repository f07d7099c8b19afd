#!/bin/sh
# npm test: all tests, or those in the files and folders that are named. The exit code is tap's.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages runner addon bundle types reference
# Without its own loader tap finds no TypeScript in a folder.
for file; do
  shift
  [ ! -d "$file" ] || file="${file%/}/**/*.test.ts"
  set -- "$@" "$file"
done
exec node_modules/.bin/tap "$@"
