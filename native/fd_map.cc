#include "fd_map.h"

#include "fd.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <unistd.h>

// Cross compilers for macOS come without this header; nothing in it is needed for macOS.
#if __has_include(<sys/syscall.h>)
#include <sys/syscall.h>
#endif

namespace superdaemon {
namespace {

// A copy that is set aside never gets the number of a standard descriptor.
constexpr int kFirstAside = 3;
constexpr int kNone = -1;

// Toolchains of old distributions have neither the function nor its number, but the kernel may be newer.
#if defined(__linux__) && !defined(SYS_close_range) && !defined(__alpha__)
#define SYS_close_range 436
#endif

bool closeRangeOnExec(unsigned first, unsigned last) {
#ifdef SYS_close_range
    constexpr unsigned kCloseOnExec = 4;
    return syscall(SYS_close_range, first, last, kCloseOnExec) == 0;
#else
    (void)first;
    (void)last;
    return false;
#endif
}

// Tries it on a range in which nothing can be open. False on older kernels, and where the call is refused, as older
// container runtimes do.
bool hasCloseRange() {
    return closeRangeOnExec(UINT_MAX, UINT_MAX);
}

} // namespace

DescriptorMap::DescriptorMap(const std::vector<Mapping>& mappings) {
    // One by one: copying a whole vector would make the addon need GLIBCXX_3.4.29, and Node itself only needs 3.4.21.
    for (const Mapping& mapping : mappings) {
        mappings_.push_back(mapping);
        moved_.push_back(mapping);
        targets_.push_back(mapping.to);
    }
    std::sort(targets_.begin(), targets_.end());
}

int DescriptorMap::check() {
    highestByOne_ = hasCloseRange() ? kNone : highestDescriptor();
    const int limit = descriptorLimit();
    for (const Mapping& mapping : mappings_) {
        // A descriptor that keeps its number may lie above the limit, which may have been lowered since.
        const bool isAbove = mapping.to >= limit && mapping.to != mapping.from;
        if (fcntl(mapping.from, F_GETFD) < 0 || isAbove)
            return EBADF;
    }
    return 0;
}

bool DescriptorMap::isTarget(int number) const {
    return std::binary_search(targets_.begin(), targets_.end(), number);
}

int DescriptorMap::place() {
    std::copy(mappings_.begin(), mappings_.end(), moved_.begin());
    keepReport();
    int reason = setAside();
    if (reason == 0)
        reason = moveIntoPlace();
    if (reason == 0)
        sealOthers();
    return reason;
}

// Copies to the lowest free number that is no target. (To ask for a number above all targets would fail when one of
// them is the highest that the limit allows.) Copies on targets fill the gap meanwhile, and are overwritten in their
// turn.
int DescriptorMap::duplicateAside(int fd) const {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, kFirstAside);
    while (copy >= 0 && isTarget(copy))
        copy = fcntl(fd, F_DUPFD_CLOEXEC, copy + 1);
    return copy;
}

void DescriptorMap::keepReport() {
    report_ = STDERR_FILENO;
    for (const Mapping& mapping : mappings_) {
        if (mapping.to == STDERR_FILENO && mapping.from != STDERR_FILENO)
            report_ = duplicateAside(STDERR_FILENO);
    }
}

// First phase: a source that stands on a target is copied out of the way before anything is overwritten.
int DescriptorMap::setAside() {
    for (Mapping& mapping : moved_) {
        if (mapping.from == mapping.to || !isTarget(mapping.from))
            continue;
        mapping.from = duplicateAside(mapping.from);
        if (mapping.from < 0)
            return errno;
    }
    return 0;
}

// Second phase: no source is a target any more, so the order does not matter.
int DescriptorMap::moveIntoPlace() const {
    for (const Mapping& mapping : moved_) {
        int result = mapping.from == mapping.to ? fcntl(mapping.to, F_SETFD, 0) : dup2(mapping.from, mapping.to);
        if (result < 0)
            return errno;
    }
    return 0;
}

void DescriptorMap::sealOthers() const {
    unsigned first = 0;
    for (int target : targets_) {
        const auto number = static_cast<unsigned>(target);
        if (number > first)
            seal(first, number - 1);
        first = number + 1;
    }
    seal(first, UINT_MAX);
}

void DescriptorMap::seal(unsigned first, unsigned last) const {
    if (highestByOne_ == kNone) {
        closeRangeOnExec(first, last);
        return;
    }
    const unsigned end = std::min(last, static_cast<unsigned>(highestByOne_));
    for (unsigned fd = first; fd <= end; fd++) {
        int flags = fcntl(static_cast<int>(fd), F_GETFD);
        if (flags >= 0)
            fcntl(static_cast<int>(fd), F_SETFD, flags | FD_CLOEXEC);
    }
}

} // namespace superdaemon
