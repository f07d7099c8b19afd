#pragma once

#include "errors.h"

#include <sys/types.h>

namespace superdaemon {

// The end of a child; pid 0 means that none has ended.
struct Ended {
    pid_t pid = 0;
    // As waitpid(2) gives it: exit code * 256 + signal, + 128 with a core file.
    int status = 0;
};

// Reaps one child that has ended, without waiting; -1 stands for any child. Having no child at all is not a failure.
Result<Ended> waitForEnded(pid_t pid);

// The same, but the child stays a zombie, so that nobody is given its pid.
Result<Ended> findEnded(pid_t pid);

} // namespace superdaemon
