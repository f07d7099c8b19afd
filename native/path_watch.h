#pragma once

#include "errors.h"

#include <string>
#include <vector>

namespace superdaemon {

// A close-on-exec descriptor that can be read from as soon as one of these directories changes, or something in it
// does. A directory that is not there is not watched. ENOSYS where the system has nothing like it.
Result<int> watchPaths(const std::vector<std::string>& paths);

} // namespace superdaemon
