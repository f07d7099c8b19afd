#pragma once

#include "errors.h"

#include <cstddef>
#include <string>

namespace superdaemon {

// A close-on-exec descriptor of a file that has no name in any directory, and that nobody can change any more, whoever
// gets hold of it. It is read from its beginning. ENOSYS where the system has nothing like it.
Result<int> memoryFile(const std::string& name, const void* content, size_t size);

} // namespace superdaemon
