#!/bin/sh
# npm run tidy: clang-tidy over native/, with the checks of .clang-tidy. Files that have not changed since they passed
# are left out.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
if ! command -v clang-tidy >/dev/null; then
    echo 'tidy: clang-tidy is not installed; native/ is not checked' >&2
    exit 0
fi
prefix=$(node -p "require('node:path').resolve(process.execPath, '../..')")
headers=${npm_config_nodedir:-$prefix}/include/node
if [ ! -e "$headers/node_api.h" ]; then
    echo "tidy: no headers of node in $headers; native/ is not checked" >&2
    exit 0
fi
passed=build/tidy
if [ -e "$passed" ] && [ -z "$(find native .clang-tidy -newer "$passed" -print)" ]; then exit 0; fi
export HEADERS="$headers"
printf '%s\n' native/*.cc | xargs -P 2 -n 3 scripts/tidy-some.sh
clang-tidy --quiet native/sleeper/sleeper.c -- -std=gnu11 2>/dev/null
mkdir -p build
touch "$passed"
