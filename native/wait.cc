#include "wait.h"

#include <cerrno>
#include <csignal>
#include <sys/wait.h>

namespace superdaemon {
namespace {

// As waitpid(2) would give it.
int waitStatus(const siginfo_t& info) {
    switch (info.si_code) {
    case CLD_EXITED:
        return (info.si_status & 0xff) << 8;
    case CLD_DUMPED:
        return info.si_status | 0x80;
    default:
        return info.si_status;
    }
}

} // namespace

Result<Ended> waitForEnded(pid_t pid) {
    for (;;) {
        Ended ended;
        ended.pid = waitpid(pid, &ended.status, WNOHANG);
        if (ended.pid >= 0)
            return ended;
        if (errno == ECHILD)
            return Ended{};
        if (errno != EINTR)
            return Failure{errno, "waitpid"};
    }
}

Result<Ended> findEnded(pid_t pid) {
    siginfo_t info{};
    while (waitid(pid < 0 ? P_ALL : P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
        if (errno == ECHILD)
            return Ended{};
        if (errno != EINTR)
            return Failure{errno, "waitid"};
    }
    return info.si_pid == 0 ? Ended{} : Ended{info.si_pid, waitStatus(info)};
}

} // namespace superdaemon
