#include "engine.h"

#ifdef __linux__
// Every version of Node exports these to addons so far. They are declared here, and weak, because V8 does not promise
// them: a Node without them still loads the addon. node:v8 offers the first, but to load it costs 2 MB.
namespace v8 {

class V8 {
  public:
    __attribute__((weak, visibility("default"))) static void SetFlagsFromString(const char* flags);
};

class Isolate {
  public:
    __attribute__((weak, visibility("default"))) static Isolate* GetCurrent();
    __attribute__((weak, visibility("default"))) void LowMemoryNotification();
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

void collectGarbage() {
#ifdef __linux__
    const auto current = &v8::Isolate::GetCurrent;
    if (current == nullptr)
        return; // and then there is none of the others
    if (v8::Isolate* isolate = current(); isolate != nullptr)
        isolate->LowMemoryNotification();
#endif
}

} // namespace superdaemon
