#include "engine.h"

#ifdef __linux__
// Every version of Node exports this to addons so far. It is declared here, and weak, because V8 does not promise it: a
// Node without it still loads the addon. node:v8 offers the same, but to load it costs 2 MB.
namespace v8 {

class V8 {
  public:
    __attribute__((weak, visibility("default"))) static void SetFlagsFromString(const char* flags);
};

} // namespace v8
#endif

namespace superdaemon {

bool setEngineFlags(const std::string& flags) {
#ifdef __linux__
    const auto set = &v8::V8::SetFlagsFromString;
    if (set != nullptr)
        set(flags.c_str());
    return set != nullptr;
#else
    // Not done here: nobody has measured what it would gain.
    (void)flags;
    return false;
#endif
}

} // namespace superdaemon
