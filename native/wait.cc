#include "wait.h"

#include <cerrno>
#include <sys/wait.h>

namespace superdaemon {

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

} // namespace superdaemon
