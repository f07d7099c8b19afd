#pragma once

#include "errors.h"

#include <string>
#include <sys/types.h>

namespace superdaemon {

// The number of a user or a group, as the system's own tables and services name it. ENOENT for a name that nobody has.
Result<double> userId(const std::string& name);
Result<double> groupId(const std::string& name);

} // namespace superdaemon
