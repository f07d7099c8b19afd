#!/bin/sh
# clang-tidy over these files; HEADERS is where node's are. For scripts/tidy.sh.
# On descriptor 2 it only counts the warnings that it does not show, which nobody needs to know.
exec clang-tidy --quiet "$@" -- -std=c++17 -DNAPI_VERSION=9 -DNAPI_DISABLE_CPP_EXCEPTIONS \
    -isystem "$HEADERS" -isystem node_modules/node-addon-api 2>/dev/null
