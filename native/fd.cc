#include "fd.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace superdaemon {
namespace {

// macOS has no such flag; node ignores SIGPIPE there, too.
#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;
#endif

} // namespace

OwnedDescriptor::~OwnedDescriptor() {
    if (number_ >= 0)
        close(number_);
}

int OwnedDescriptor::release() {
    int number = number_;
    number_ = -1;
    return number;
}

Result<bool> tryLock(int fd) {
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return false;
        if (errno != EINTR)
            return Failure{errno, "flock"};
    }
    return true;
}

Result<int> sendNow(int fd, const std::string& text) {
    for (;;) {
        const ssize_t sent = send(fd, text.data(), text.size(), MSG_DONTWAIT | kNoSignal);
        if (sent >= 0)
            return static_cast<int>(sent);
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
            return 0;
        if (errno != EINTR)
            return Failure{errno, "send"};
    }
}

Result<bool> makeBlocking(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0)
        return Failure{errno, "fcntl"};
    return true;
}

Result<PipeEnds> makePipe() {
    int ends[2];
#ifdef __linux__
    if (pipe2(ends, O_CLOEXEC) != 0)
        return Failure{errno, "pipe"};
#else
    if (pipe(ends) != 0)
        return Failure{errno, "pipe"};
    for (int end : ends)
        fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
    return PipeEnds{ends[0], ends[1]};
}

Result<int> duplicate(int from, int to) {
    int number;
    do
        number = dup2(from, to);
    while (number < 0 && errno == EINTR);
    if (number < 0 || fcntl(number, F_SETFD, FD_CLOEXEC) != 0)
        return Failure{errno, "dup2"};
    return number;
}

Result<bool> setCloseOnExec(int fd) {
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return Failure{errno, "fcntl"};
    return true;
}

int descriptorLimit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT_MAX)
        return INT_MAX;
    return static_cast<int>(limit.rlim_cur);
}

int highestDescriptor() {
    // Trying every number up to the limit takes minutes where containers set it to a thousand million.
    DIR* directory = opendir("/dev/fd");
    if (directory == nullptr)
        return descriptorLimit() - 1;
    int highest = 2;
    while (const dirent* entry = readdir(directory))
        highest = std::max(highest, static_cast<int>(strtol(entry->d_name, nullptr, 10)));
    closedir(directory);
    return highest;
}

} // namespace superdaemon
