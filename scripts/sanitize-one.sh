#!/bin/sh
# One test file under the sanitizers; its output is shown when it fails. For scripts/sanitize.sh.
set -eu
output=$(mktemp)
code=0
env TAP_TIMEOUT=600 LD_PRELOAD="$SUPERDAEMON_TEST_PRELOAD" ASAN_OPTIONS=detect_leaks=0:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 \
    node --import=tsx --import=./scripts/redirect-addon.mjs "$1" >"$output" 2>&1 || code=$?
if [ "$code" -eq 0 ]; then
    echo "sanitize: $1: $(grep -c '^ *ok' "$output") ok"
else
    cat "$output"
    echo "sanitize: $1 failed" >&2
fi
rm -f "$output"
exit "$code"
