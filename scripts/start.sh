#!/bin/sh
# npm start: holds port 8080 for the sample worker, or does what the arguments say instead.
# It becomes the superdaemon by exec, so that a signal sent to the process npm started reaches it.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
node scripts/prepare.mjs packages addon bundle
[ $# -gt 0 ] || set -- --port=8080 -- node examples/http-worker.js
exec bin/start_server "$@"
