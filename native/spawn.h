#pragma once

#include "errors.h"
#include "spawn_plan.h"

#include <sys/types.h>

namespace superdaemon {

// Starts a child that carries out its plan and execs; gives its pid. A child that fails writes one line to the
// superdaemon's descriptor 2 and ends with the original's code: errno for the change of directory, 255 for the exec.
// The calling thread waits for the exec of a child that came by vfork, but never for the reader of that line.
Result<pid_t> spawn(const SpawnRequest& request);

// The same for a plan that was laid out before, which is started as often as it is asked for. Gives 0 where there is no
// other way than a child that would write such a line: then there is no child.
Result<pid_t> spawnInSilence(SpawnPlan& plan);

} // namespace superdaemon
