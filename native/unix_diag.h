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

// All of this network namespace that have a name in the file system. /proc/net/unix tells the names only, which may be
// relative to anywhere, may be those of files that are no more, and may forge lines. Linux only.
Result<std::vector<UnixListener>> unixListeners();

} // namespace superdaemon
