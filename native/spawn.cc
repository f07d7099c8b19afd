#include "spawn.h"

#include <cerrno>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

namespace superdaemon {
namespace {

constexpr int kExecFailed = 255;

// Everything up to startChild runs in the child: async-signal-safe calls only, no allocation, nothing but the plan.

// SIGPIPE is blocked, or a reader that has gone would turn the exit code into a death by signal; the other signals have
// their final state by now, so that a full pipe can still be left by TERM.
void tell(const SpawnPlan& plan, std::string_view line) {
    sigset_t mask = plan.mask;
    sigaddset(&mask, SIGPIPE);
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    // When even this fails nobody is left to hear of it; the exit code tells the superdaemon.
    ssize_t written = write(plan.descriptors.report(), line.data(), line.size());
    static_cast<void>(written);
}

// Whether execvp(3) goes on with the next candidate after this refusal.
bool goesOnAfter(int reason) {
    switch (reason) {
    case EACCES:
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ESTALE:
    case ETIMEDOUT:
        return true;
    default:
        return false;
    }
}

// Comes back only when nothing could be executed, with the reason that execvp(3) would give.
int execAlong(SpawnPlan& plan) {
    int reason = ENOENT;
    bool denied = false;
    for (const char* candidate : plan.candidates) {
        execve(candidate, plan.argv.data(), plan.envp.data());
        if (errno == ENOEXEC) {
            plan.shellArgv[1] = const_cast<char*>(candidate);
            execve(plan.shellArgv[0], plan.shellArgv.data(), plan.envp.data());
        }
        reason = errno;
        denied = denied || reason == EACCES;
        if (!goesOnAfter(reason))
            return reason;
    }
    return denied ? EACCES : reason;
}

// A daemon is not the leader of its session, so that no terminal it opens becomes its controlling one.
void leaveToGrandchild() {
    const pid_t grandchild = fork();
    if (grandchild != 0)
        _exit(grandchild > 0 ? 0 : errno);
}

[[noreturn]] void walk(SpawnPlan& plan) {
    if (plan.newSession || plan.daemon)
        setsid();
    if (plan.daemon)
        leaveToGrandchild();
    const int misplaced = plan.descriptors.place();
    plan.setDispositions();
    if (misplaced != 0) {
        tell(plan, plan.failureLine("failed to pass on the descriptors of ", plan.file, misplaced));
        _exit(misplaced);
    }
    if (plan.cwd != nullptr && chdir(plan.cwd) != 0) {
        const int reason = errno;
        tell(plan, plan.failureLine("failed to chdir:", plan.cwd, reason));
        _exit(reason);
    }
    // Only now: the numbers given out above may lie beyond this limit.
    if (plan.descriptorLimits)
        setrlimit(RLIMIT_NOFILE, &*plan.descriptorLimits);
    // Last of all: a TERM that came since the fork now meets the default action, not a handler of the superdaemon's
    // (the original's child swallowed it, and was then waited for without end).
    sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
    const int reason = execAlong(plan);
    tell(plan, plan.failureLine("failed to exec ", plan.file, reason));
    _exit(kExecFailed);
}

// The one place that knows how a child comes into being; a vfork-like call can take fork's place here.
pid_t startChild(SpawnPlan& plan) {
    const pid_t pid = fork();
    if (pid == 0)
        walk(plan);
    return pid;
}

} // namespace

Result<pid_t> spawn(const SpawnRequest& request) {
    SpawnPlan plan(request);
    if (int reason = plan.descriptors.check())
        return Failure{reason, "dup2"};
    sigset_t all, before;
    sigfillset(&all);
    // For the calling thread only, on Linux; pthread_sigmask would say so, but needs glibc 2.32.
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t pid = startChild(plan);
    const int reason = errno;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0)
        return Failure{reason, "fork"};
    return pid;
}

} // namespace superdaemon
