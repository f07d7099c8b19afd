#pragma once

#include "errors.h"
#include "spawn_plan.h"

#include <sys/types.h>

namespace superdaemon {

// Starts a child that carries out its plan and execs; gives its pid. A child that fails writes one line to the
// superdaemon's descriptor 2 and ends with the original's code: errno for the change of directory, 255 for the exec.
// The calling thread waits for the exec of a child that came by vfork, but never for the reader of that line.
Result<pid_t> spawn(const SpawnRequest& request);

} // namespace superdaemon
