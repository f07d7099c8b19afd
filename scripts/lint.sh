#!/bin/sh
# npm run lint: the rules that can be checked by a program, all of them even when one finds something.
# `npm run lint -- --fix` repairs what ESLint can repair.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages
code=0
node scripts/lint-sources.mjs || code=1
if command -v shellcheck >/dev/null; then
    shellcheck .ci/run scripts/*.sh test/helpers/systemd/*.sh examples/init/app examples/monitoring/check_start_server || code=1
    # Its last lines are JavaScript. Dash, busybox and bash have -ef and ulimit -S, though POSIX does not.
    sed '/^# [*]\//,$d' bin/start_server | shellcheck --shell=sh --exclude=SC3013,SC3045 - || code=1
else
    echo 'lint: shellcheck is not installed; shell scripts are not checked' >&2
fi
node_modules/.bin/eslint --max-warnings=0 . "$@" || code=1
exit "$code"
