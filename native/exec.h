#pragma once

#include "errors.h"
#include "program.h"

#include <set>

namespace superdaemon {

// Makes this process another program, with the same pid, children and pending signals. What is in `kept` stays open,
// all other descriptors from 3 up are closed; the standard ones that are not in `kept` stay or are closed as they are
// marked. All signals are blocked then, and none is ignored.
//
// Comes back only with what was refused, and then everything is as it was before. Without the preloaded library, which
// keeps signals from all other threads and from the node that comes next, some would get lost or kill: ENOTSUP.
Failure exec(const Program& program, const std::set<int>& kept);

} // namespace superdaemon
