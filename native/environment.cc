#include "environment.h"

#ifdef __APPLE__
#include <crt_externs.h>
#else
extern "C" char** environ;
#endif

namespace superdaemon {

const char* const* environment() {
#ifdef __APPLE__
    // On macOS a loadable module may not refer to `environ` itself.
    char** entries = *_NSGetEnviron();
#else
    char** entries = environ;
#endif
    static const char* const none[] = {nullptr};
    return entries != nullptr ? entries : none;
}

} // namespace superdaemon
