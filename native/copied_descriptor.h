#pragma once

#include "errors.h"

#include <sys/types.h>

namespace superdaemon {

// A close-on-exec descriptor for the same open file as that of another process, which whoever may trace the process may
// have; ENOSYS where the system has nothing like it.
Result<int> copyDescriptor(pid_t pid, int fd);

} // namespace superdaemon
