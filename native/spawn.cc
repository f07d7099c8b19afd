#include "spawn.h"

#include "suspension.h"

#include <cerrno>
#include <csignal>
#include <sched.h>
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

// All functions from here to walk() run in the child: they make async-signal-safe calls only, allocate nothing, and use
// nothing but the plan. After vfork the child is in the superdaemon's own memory: they change nothing that a second
// child with the same plan would read.

void wakeUp(int) {}

// Interrupts a write(2) that waits for a reader, again and again, since the first alarm may come before the write.
// Sets a handler, so it is not for a child that shares the superdaemon's memory.
void startAlarm() {
    constexpr suseconds_t patience = 500000;
    constexpr suseconds_t repeatedly = 10000;
    struct sigaction action {};
    action.sa_handler = wakeUp;
    sigaction(SIGALRM, &action, nullptr);
    const itimerval alarm{{0, repeatedly}, {0, patience}};
    setitimer(ITIMER_REAL, &alarm, nullptr);
}

// Writes a child's last line. SIGPIPE is blocked: where the reader has gone, it would turn the exit code into a death
// by signal. The other signals have their final state by now, so that TERM ends a child that waits at a full pipe. The
// child waits half a second at most: one that waited longer outlived its probation, was accepted, and the old worker
// was ended.
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

// Returns only when nothing could be executed, with the reason that execvp(3) would give.
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

// The superdaemon waits for a child of vfork, so this one must not wait for a log pipe that nobody reads: it ends
// without a word, and another child is made by fork. For that one nobody waits, and it writes the line.
[[noreturn]] void fail(SpawnPlan& plan, const Suspension* suspension, Step step, int reason, int code) {
    if (suspension == nullptr || !suspension->askForFork())
        tell(plan, plan.failureLine(step.prefix, step.subject, reason));
    _exit(code);
}

// If the parent has died before this was set, nobody would ever kill the child.
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

// vfork copies no page table, however large the heap is: the child runs in our memory while this thread is suspended,
// for some 50 us. Never inlined: the child writes to our stack, and here only below the frame of the caller.
[[gnu::noinline]] pid_t vforkChild(SpawnPlan& plan, const Suspension& suspension) {
#ifdef __linux__
    // NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): posix_spawn(3) cannot map descriptors in two phases
    const pid_t pid = vfork();
    if (pid == 0)
        walk(plan, &suspension); // NOLINT(clang-analyzer-unix.Vfork): all it calls is safe there
    return pid;
#else
    // vfork is deprecated on macOS.
    (void)plan;
    (void)suspension;
    errno = ENOSYS;
    return -1;
#endif
}

// Filters for system calls, and kernels that imitate Linux, may know fork only.
bool isUnknownCall(int reason) {
    return reason == ENOSYS || reason == EPERM || reason == EINVAL;
}

void reap(pid_t pid) {
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR)
        ;
}

constexpr pid_t kNeedsFork = 0;

pid_t startSilentChild(SpawnPlan& plan) {
    const Suspension suspension;
    // The leader of a daemon forks again, which is no work for a child that shares our memory.
    if (plan.daemon || !suspension.ok())
        return kNeedsFork;
    const pid_t pid = vforkChild(plan, suspension);
    if (pid < 0)
        return isUnknownCall(errno) ? kNeedsFork : pid;
    if (!suspension.isForkWanted())
        return pid;
    reap(pid);
    return kNeedsFork;
}

pid_t startChild(SpawnPlan& plan) {
    const pid_t pid = startSilentChild(plan);
    return pid == kNeedsFork ? forkChild(plan) : pid;
}

Result<pid_t> begin(SpawnPlan& plan, pid_t (*start)(SpawnPlan&)) {
    if (int reason = plan.check())
        return Failure{reason, "dup2"};
    sigset_t all, before;
    sigfillset(&all);
    // For the calling thread only, on Linux; pthread_sigmask would say so, but needs glibc 2.32.
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t pid = start(plan);
    const int reason = errno;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0)
        return Failure{reason, "fork"};
    // vfork wakes the parent on the processor where the child has just begun its exec, half a millisecond of work.
    if (plan.goesFirst)
        sched_yield();
    return pid;
}

} // namespace

Result<pid_t> spawn(const SpawnRequest& request) {
    SpawnPlan plan(request);
    return begin(plan, startChild);
}

Result<pid_t> spawnInSilence(SpawnPlan& plan) {
    return begin(plan, startSilentChild);
}

} // namespace superdaemon
