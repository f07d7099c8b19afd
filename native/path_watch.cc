#include "path_watch.h"

#include "fd.h"

#include <cerrno>

#ifdef __linux__
#include <sys/inotify.h>
#endif

namespace superdaemon {

Result<int> watchPaths(const std::vector<std::string>& paths) {
#ifdef __linux__
    constexpr uint32_t kChanges =
        IN_ATTRIB | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
    OwnedDescriptor watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (watch.get() < 0)
        return Failure{errno, "inotify_init1"};
    for (const std::string& path : paths) {
        if (inotify_add_watch(watch.get(), path.c_str(), kChanges) < 0 && errno != ENOENT && errno != ENOTDIR)
            return Failure{errno, "inotify_add_watch"};
    }
    return watch.release();
#else
    (void)paths;
    return Failure{ENOSYS, "inotify_init1"};
#endif
}

} // namespace superdaemon
