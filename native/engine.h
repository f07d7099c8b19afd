#pragma once

#include <string>

namespace superdaemon {

// Hands flags to V8 at run time, those of `node --v8-options`. False where that cannot be done.
bool setEngineFlags(const std::string& flags);

// Clears the whole heap of V8; nothing where that cannot be done. Not to be called in the midst of JavaScript.
void collectGarbage();

} // namespace superdaemon
