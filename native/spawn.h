#pragma once

#include "errors.h"
#include "spawn_plan.h"

#include <sys/types.h>

namespace superdaemon {

// Starts a child that walks its plan and execs; gives its pid. What goes wrong in the child, the child tells in one
// line on the superdaemon's descriptor 2, and ends with the original's code: errno for the change of directory, 255 for
// the exec. The calling thread waits for a child that came by vfork until its exec, but never for the reader of that
// line.
Result<pid_t> spawn(const SpawnRequest& request);

} // namespace superdaemon
