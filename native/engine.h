#pragma once

#include <string>

namespace superdaemon {

// Hands flags to V8 at run time, those of `node --v8-options`. False where that cannot be done.
bool setEngineFlags(const std::string& flags);

} // namespace superdaemon
