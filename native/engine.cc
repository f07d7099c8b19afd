#include "engine.h"

#ifdef __linux__
// Node exports this to addons under every version. It is declared here, and weak, since V8 promises nothing to a binary
// that is made for all of them: one without it still loads the addon. node:v8 has it, too, and costs 2 MB.
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
    // Elsewhere nobody has measured what it would be good for.
    (void)flags;
    return false;
#endif
}

} // namespace superdaemon
