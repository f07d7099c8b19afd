#!/bin/sh
# npm run format: brings every file into its one format; with --check it only says which are not.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages
if [ "${1-}" = --check ]; then
    prettier=--check clang='--dry-run -Werror'
else
    prettier=--write clang=-i
fi
node_modules/.bin/prettier "$prettier" --log-level=warn .
# The package brings programs for x64 only; elsewhere CI looks at the native files.
if node node_modules/clang-format/index.js --help >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # several words
    exec node node_modules/clang-format/index.js $clang native/*.cc native/*.h native/preload/* native/sleeper/*
else
    echo 'format: no clang-format for this platform; native files are not looked at' >&2
fi
