#!/bin/sh
# Compiles the addon into build/NAME with additional flags and prints its path: checked-addon.sh NAME FLAG ...
# By hand, not by node-gyp, which would build it over the one in build/Release.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
name=$1
shift
prefix=$(node -p "require('node:path').resolve(process.execPath, '../..')")
headers=${npm_config_nodedir:-$prefix}/include/node
if [ ! -e "$headers/node_api.h" ]; then
    echo "checked-addon: no headers of node in $headers; set npm_config_nodedir to where they are" >&2
    exit 1
fi
addon=$PWD/build/$name/superdaemon.node
mkdir -p "build/$name"
if [ ! -e "$addon" ] || [ -n "$(find native scripts/checked-addon.sh -newer "$addon" -print)" ]; then
    ${CXX:-g++} -std=c++17 -Wall -Wextra -Werror -g -fPIC -shared -fno-exceptions -fno-rtti -fvisibility=hidden \
        -DNAPI_VERSION=9 -DNAPI_DISABLE_CPP_EXCEPTIONS -DNODE_GYP_MODULE_NAME=superdaemon -DBUILDING_NODE_EXTENSION \
        -isystem "$headers" -isystem node_modules/node-addon-api "$@" -o "$addon" native/*.cc
fi
echo "$addon"
