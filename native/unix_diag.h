#pragma once

#include "errors.h"

#include <cstdint>
#include <vector>

namespace superdaemon {

// A unix socket that listens, and the file that it was bound to.
struct UnixListener {
    // The socket's own inode, as in the link /proc/PID/fd/N.
    uint32_t socket = 0;
    // Of the file: the device, and the low 32 bits of the inode.
    uint32_t major = 0;
    uint32_t minor = 0;
    uint32_t inode = 0;
};

// All unix sockets of this network namespace that listen and are bound to a file. /proc/net/unix has only their names:
// these may be relative to any directory, may be those of files that are gone, and may forge lines. Linux only.
Result<std::vector<UnixListener>> unixListeners();

} // namespace superdaemon
