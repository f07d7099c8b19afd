#pragma once

#include "errors.h"

#include <sys/types.h>

namespace superdaemon {

// A close-on-exec descriptor for the open file that another process has as one of its own. Whoever may trace that
// process may have it; ENOSYS where the system has nothing like it.
Result<int> copyDescriptor(pid_t pid, int fd);

} // namespace superdaemon
