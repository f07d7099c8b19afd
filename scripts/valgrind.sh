#!/bin/sh
# npm run valgrind: memcheck over the spawn path: opened sockets, children that start, children that cannot, a daemon. node itself
# is full of what memcheck takes for errors, so only errors with a frame in native/ count.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
if ! command -v valgrind >/dev/null; then
    echo 'valgrind: not installed' >&2
    exit 1
fi
node scripts/prepare.mjs packages
addon=$(sh scripts/checked-addon.sh valgrind -O1)
report=$(mktemp)
trap 'rm -f "$report"' EXIT
code=0
# --jitless, because memcheck does not notice when compiled code changes itself.
valgrind --quiet --error-exitcode=0 --trace-children=no --child-silent-after-fork=yes --log-file="$report" \
    node --jitless scripts/spawn-each-way.mjs "$addon" || code=$?
[ "$code" -eq 0 ] || cat "$report"
found=$(grep -cE '(native/)?(addon|engine|environment|errors|fd|fd_map|listener|notify|spawn|spawn_plan|suspension|wait)\.cc:[0-9]+' \
    "$report") || true
if [ "$found" -gt 0 ]; then
    cat "$report"
    code=1
fi
echo "valgrind: $found lines of its report name the addon, exit code $code"
exit "$code"
