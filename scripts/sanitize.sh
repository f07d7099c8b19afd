#!/bin/sh
# npm run sanitize: the tests of the addon against one that is built with AddressSanitizer and UndefinedBehaviorSanitizer.
# Whatever they find ends the test file with an exit code. `npm run sanitize -- FILE ...` runs only these files.
#
# Leaks are not looked for, since node itself frees little at its end. Two files are left out, because they test the addon
# that is shipped. Calls that a test makes in a process of its own (test/fixtures/call-addon.mjs) use the ordinary addon.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
case $(g++ -print-file-name=libasan.so 2>/dev/null) in
/*) ;;
*)
    echo 'sanitize: no g++ with libasan here; the addon is not checked' >&2
    exit 0
    ;;
esac
node scripts/prepare.mjs packages addon
SUPERDAEMON_TEST_ADDON=$(sh scripts/checked-addon.sh sanitize -O1 -fno-omit-frame-pointer \
    -fsanitize=address,undefined -fno-sanitize-recover=undefined)
export SUPERDAEMON_TEST_ADDON
# libasan has to be the first library of the process, and node is not linked against it.
SUPERDAEMON_TEST_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
export SUPERDAEMON_TEST_PRELOAD
if [ $# -gt 0 ]; then
    printf '%s\n' "$@"
else
    find test/system -name 'addon-*.test.ts' ! -name addon-binary.test.ts ! -name addon-loading.test.ts
fi | xargs -P 2 -n 1 scripts/sanitize-one.sh
