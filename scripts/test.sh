#!/bin/sh
# npm test: all tests, or those in the files and folders that are named.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages addon bundle types reference
exec node scripts/run-tests.mjs "$@"
