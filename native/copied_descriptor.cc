#include "copied_descriptor.h"

#include "fd.h"

#include <cerrno>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace superdaemon {

#ifdef __linux__

namespace {

// The calls are there since Linux 5.3 and 5.6, with these numbers on every architecture; older headers lack them.
#ifdef SYS_pidfd_open
constexpr long kPidfdOpen = SYS_pidfd_open;
#else
constexpr long kPidfdOpen = 434;
#endif
#ifdef SYS_pidfd_getfd
constexpr long kPidfdGetfd = SYS_pidfd_getfd;
#else
constexpr long kPidfdGetfd = 438;
#endif

} // namespace

Result<int> copyDescriptor(pid_t pid, int fd) {
    const OwnedDescriptor process(static_cast<int>(syscall(kPidfdOpen, pid, 0)));
    if (process.get() < 0)
        return Failure{errno, "pidfd_open"};
    const auto copy = static_cast<int>(syscall(kPidfdGetfd, process.get(), fd, 0));
    if (copy < 0)
        return Failure{errno, "pidfd_getfd"};
    return copy;
}

#else

Result<int> copyDescriptor(pid_t, int) {
    return Failure{ENOSYS, "pidfd_open"};
}

#endif

} // namespace superdaemon
