#include "memory_file.h"

#include "fd.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace superdaemon {
namespace {

#ifdef SYS_memfd_create

// Older C libraries have none of these names, but the kernel may be newer.
constexpr unsigned kCloseOnExec = 1;
constexpr unsigned kMayBeSealed = 2;
constexpr unsigned kNotExecutable = 8;
constexpr int kAddSeals = 1033;
constexpr int kSealed = 1 | 2 | 4 | 8; // no more seals, no shrinking, no growing, no writing

// Some systems refuse a memory file that could be executed; kernels before 6.3 do not know the flag against that.
int create(const char* name) {
    const auto with = [name](unsigned flags) { return static_cast<int>(syscall(SYS_memfd_create, name, flags)); };
    const int fd = with(kCloseOnExec | kMayBeSealed | kNotExecutable);
    return fd < 0 && errno == EINVAL ? with(kCloseOnExec | kMayBeSealed) : fd;
}

// Leaves the position of the file at its beginning. Gives 0, or the errno of what was refused.
int writeAll(int fd, const char* content, size_t size) {
    for (size_t written = 0; written < size;) {
        const ssize_t part = pwrite(fd, content + written, size - written, static_cast<off_t>(written));
        if (part > 0)
            written += static_cast<size_t>(part);
        else if (part == 0)
            return EIO;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

#endif

} // namespace

Result<int> memoryFile(const std::string& name, const void* content, size_t size) {
#ifdef SYS_memfd_create
    OwnedDescriptor file(create(name.c_str()));
    if (file.get() < 0)
        return Failure{errno, "memfd_create"};
    if (const int reason = writeAll(file.get(), static_cast<const char*>(content), size))
        return Failure{reason, "write"};
    if (fcntl(file.get(), kAddSeals, kSealed) != 0)
        return Failure{errno, "fcntl"};
    return file.release();
#else
    (void)name;
    (void)content;
    (void)size;
    return Failure{ENOSYS, "memfd_create"};
#endif
}

} // namespace superdaemon
