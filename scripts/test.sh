#!/bin/sh
# npm test: all tests, or those in the files and folders that are named. The exit code is tap's.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages addon bundle reference
exec node_modules/.bin/tap "$@"
