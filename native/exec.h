#pragma once

#include "errors.h"
#include "program.h"

#include <set>

namespace superdaemon {

// Makes this process another program, with the same pid, children and pending signals. Descriptors in `kept` stay open,
// all others from 3 up are closed. A standard descriptor that is not in `kept` is closed if it is close-on-exec. The
// program begins with all signals blocked and none ignored.
//
// Returns only when something was refused, and then everything is as it was before. ENOTSUP without the preloaded
// library, which keeps signals from all other threads and from the node that comes next: some would get lost, or kill.
Failure exec(const Program& program, const std::set<int>& kept);

} // namespace superdaemon
