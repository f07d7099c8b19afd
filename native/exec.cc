#include "exec.h"

#include "fd.h"
#include "signals.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace superdaemon {
namespace {

constexpr int kStandardDescriptors = 3;

// Decides which descriptors an exec closes. Its destructor marks each of them as it was before. A descriptor that
// another thread opens meanwhile is left alone; libuv opens all of them close-on-exec.
class CloseOnExec {
  public:
    CloseOnExec() = default;
    CloseOnExec(const CloseOnExec&) = delete;
    CloseOnExec& operator=(const CloseOnExec&) = delete;
    ~CloseOnExec();

    // Gives 0, or the errno of a descriptor in `kept` that is not open; then none is marked.
    int markAllBut(const std::set<int>& kept);

  private:
    void mark(int fd, bool isKept);

    struct Mark {
        int fd;
        int flags;
    };
    std::vector<Mark> before_;
};

int CloseOnExec::markAllBut(const std::set<int>& kept) {
    for (int fd : kept) {
        if (fcntl(fd, F_GETFD) < 0)
            return errno;
    }
    const int highest = std::max(highestDescriptor(), kept.empty() ? 0 : *kept.rbegin());
    for (int fd = 0; fd <= highest; fd++) {
        const bool isKept = kept.count(fd) > 0;
        if (isKept || fd >= kStandardDescriptors)
            mark(fd, isKept);
    }
    return 0;
}

void CloseOnExec::mark(int fd, bool isKept) {
    const int flags = fcntl(fd, F_GETFD);
    const int wanted = isKept ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    if (flags < 0 || wanted == flags)
        return;
    before_.push_back({fd, flags});
    fcntl(fd, F_SETFD, wanted);
}

CloseOnExec::~CloseOnExec() {
    for (const Mark& mark : before_)
        fcntl(mark.fd, F_SETFD, mark.flags);
}

// While it lives, this process may open as many descriptors as it could allow itself: what somebody has lowered the
// limit to from outside could keep the next program from its own files. Its destructor puts the limit back.
class RaisedDescriptorLimit {
  public:
    RaisedDescriptorLimit() {
        if (getrlimit(RLIMIT_NOFILE, &before_) != 0)
            return;
        const rlimit raised{before_.rlim_max, before_.rlim_max};
        isRaised_ = setrlimit(RLIMIT_NOFILE, &raised) == 0;
    }
    RaisedDescriptorLimit(const RaisedDescriptorLimit&) = delete;
    RaisedDescriptorLimit& operator=(const RaisedDescriptorLimit&) = delete;
    ~RaisedDescriptorLimit() {
        if (isRaised_)
            setrlimit(RLIMIT_NOFILE, &before_);
    }

  private:
    rlimit before_{};
    bool isRaised_ = false;
};

} // namespace

Failure exec(const Program& program, const std::set<int>& kept) {
    if (!launched().isKnown)
        return {ENOTSUP, "execve"};
    const std::vector<char*> args = pointersTo(program.args);
    const std::vector<char*> env = pointersTo(program.env);
    const SignalHold hold;
    CloseOnExec descriptors;
    if (const int reason = descriptors.markAllBut(kept))
        return {reason, "fcntl"};
    const RaisedDescriptorLimit limit;
    execve(program.file.c_str(), args.data(), env.data());
    return {errno, "execve"};
}

} // namespace superdaemon
