#include "spawn.h"

#include "suspension.h"

#include <cerrno>
#include <csignal>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace superdaemon {
namespace {

constexpr int kExecFailed = 255;

// Everything up to walk runs in the child: async-signal-safe calls only, no allocation, nothing but the plan. After
// vfork it runs in the superdaemon's own memory, too: it changes nothing there that a second child of the plan would
// read.

void wakeUp(int) {}

// Interrupts a write(2) that waits for a reader, again and again, since the first alarm may come before the write.
// Needs a memory of our own, for the handler.
void startAlarm() {
    constexpr suseconds_t patience = 500000;
    constexpr suseconds_t repeatedly = 10000;
    struct sigaction action {};
    action.sa_handler = wakeUp;
    sigaction(SIGALRM, &action, nullptr);
    const itimerval alarm{{0, repeatedly}, {0, patience}};
    setitimer(ITIMER_REAL, &alarm, nullptr);
}

// SIGPIPE is blocked, or a reader that has gone would turn the exit code into a death by signal; the other signals have
// their final state by now, so that a full pipe can still be left by TERM. Half a second is all it waits for a reader:
// a child that lived through the probation for the sake of its last line was accepted, and the old worker ended.
void tell(const SpawnPlan& plan, std::string_view line) {
    sigset_t mask = plan.mask;
    sigaddset(&mask, SIGPIPE);
    sigdelset(&mask, SIGALRM);
    startAlarm();
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

struct Step {
    const char* prefix;
    const char* subject;
};

// A line is only written by a child for which nobody waits: the pipe of a log that is not read is full, and the
// superdaemon would wait with a suspending child. That one ends in silence, and is done over by fork.
[[noreturn]] void fail(SpawnPlan& plan, const Suspension* suspension, Step step, int reason, int code) {
    if (suspension == nullptr || !suspension->askForFork())
        tell(plan, plan.failureLine(step.prefix, step.subject, reason));
    _exit(code);
}

// The parent may have died before this was set: nobody would ever kill such a child.
void endWithParent(const SpawnPlan& plan) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != plan.parent)
        _exit(kExecFailed);
#else
    (void)plan;
#endif
}

[[noreturn]] void walk(SpawnPlan& plan, const Suspension* suspension) {
    if (plan.newSession || plan.daemon)
        setsid();
    if (plan.newGroup)
        setpgid(0, 0);
    if (plan.daemon)
        leaveToGrandchild();
    if (plan.endsWithParent)
        endWithParent(plan);
    const int misplaced = plan.descriptors.place();
    plan.setDispositions();
    if (misplaced != 0)
        fail(plan, suspension, {"failed to pass on the descriptors of ", plan.file}, misplaced, misplaced);
    if (plan.cwd != nullptr && chdir(plan.cwd) != 0)
        fail(plan, suspension, {"failed to chdir:", plan.cwd}, errno, errno);
    // Only now: the numbers given out above may lie beyond this limit.
    for (const Limit& limit : plan.limits)
        setrlimit(limit.resource, &limit.value);
    plan.writePid(getpid());
    // Last of all: a TERM that came since the fork now meets the default action, not a handler of the superdaemon's
    // (the original's child swallowed it, and was then waited for without end).
    sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
    fail(plan, suspension, {"failed to exec ", plan.file}, execAlong(plan), kExecFailed);
}

pid_t forkChild(SpawnPlan& plan) {
    const pid_t pid = fork();
    if (pid == 0)
        walk(plan, nullptr);
    return pid;
}

// Copies no page table, whatever the heap: the child walks in our memory while this thread is suspended, some 50 us.
// A function of its own, and never inlined: what the child leaves on the stack below it is nobody's.
[[gnu::noinline]] pid_t vforkChild(SpawnPlan& plan, const Suspension& suspension) {
#ifdef __linux__
    // NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): posix_spawn(3) cannot map descriptors in two phases
    const pid_t pid = vfork();
    if (pid == 0)
        walk(plan, &suspension); // NOLINT(clang-analyzer-unix.Vfork): all it calls is safe there
    return pid;
#else
    // Deprecated on macOS.
    (void)plan;
    (void)suspension;
    errno = ENOSYS;
    return -1;
#endif
}

// Filters for system calls, and kernels that are no Linux, may know fork only.
bool isUnknownCall(int reason) {
    return reason == ENOSYS || reason == EPERM || reason == EINVAL;
}

void reap(pid_t pid) {
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR)
        ;
}

// The one place that knows how a child comes into being.
pid_t startChild(SpawnPlan& plan) {
    const Suspension suspension;
    // The leader of a daemon forks again, which is no work for a child that shares our memory.
    if (plan.daemon || !suspension.ok())
        return forkChild(plan);
    const pid_t pid = vforkChild(plan, suspension);
    if (pid < 0)
        return isUnknownCall(errno) ? forkChild(plan) : pid;
    if (!suspension.isForkWanted())
        return pid;
    reap(pid);
    return forkChild(plan);
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
