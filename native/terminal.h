#pragma once

#include "errors.h"

namespace superdaemon {

struct Terminal {
    // 0 where it does not tell.
    int columns = 0;
    // Whether a shell has put this process into the background, where it should not draw.
    bool isInBackground = false;
};

// ENOTTY where the descriptor is no terminal.
Result<Terminal> describeTerminal(int fd);

} // namespace superdaemon
