#include "signals.h"

#include "preload/preload.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <unistd.h>
#include <uv.h>

#ifdef __linux__
#include <sys/prctl.h>
// Null where the preloaded library was not loaded.
#pragma weak superdaemon_launched
#pragma weak superdaemon_release
#endif

namespace superdaemon {
namespace {

std::atomic<bool> arrived[kLastSignal + 1];
uv_async_t* wake = nullptr;
void (*tell)() = nullptr;

static_assert(std::atomic<bool>::is_always_lock_free, "a handler may not wait");

void note(int signal) {
    const int reason = errno;
    arrived[signal] = true;
    uv_async_send(wake);
    errno = reason;
}

// The size of the handle is asked of the libuv in this node; the headers may be those of another one.
int openWake(uv_loop_t* loop) {
    if (wake != nullptr)
        return 0;
    auto* handle = static_cast<uv_async_t*>(malloc(uv_handle_size(UV_ASYNC)));
    if (handle == nullptr)
        return ENOMEM;
    if (const int refused = uv_async_init(loop, handle, [](uv_async_t*) { tell(); })) {
        free(handle);
        return -refused;
    }
    // This handle alone does not keep the loop running.
    uv_unref(reinterpret_cast<uv_handle_t*>(handle));
    wake = handle;
    return 0;
}

void setAll(const std::vector<int>& signals, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    for (int signal : signals)
        sigaction(signal, &action, nullptr); // KILL and STOP are refused
}

// Until it is told to release the signals, the preloaded library ignores our requests just like those of node.
void release() {
#ifdef __linux__
    if (superdaemon_release != nullptr)
        superdaemon_release();
#endif
}

const superdaemon_launch* noted() {
#ifdef __linux__
    return superdaemon_launched == nullptr ? nullptr : superdaemon_launched();
#else
    return nullptr;
#endif
}

std::vector<int> numbersIn(uint64_t bits, int first) {
    std::vector<int> numbers;
    for (int number = first; bits != 0; number++, bits >>= 1) {
        if ((bits & 1) != 0)
            numbers.push_back(number);
    }
    return numbers;
}

// The same as in the preloaded library: node handles some faults of its own, and a blocked one would kill.
sigset_t allButFaults() {
    sigset_t signals;
    sigfillset(&signals);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
        sigdelset(&signals, fault);
    return signals;
}

std::vector<int> ignoredSignals() {
    std::vector<int> ignored;
    for (int signal = 1; signal <= kLastSignal; signal++) {
        struct sigaction action {};
        if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
            ignored.push_back(signal);
    }
    return ignored;
}

// To be called while these signals are blocked. Each is made pending once, however often it came.
void makePending(const std::vector<int>& signals) {
    sigset_t pending;
    sigpending(&pending);
    for (int signal : signals) {
        if (sigismember(&pending, signal) != 1)
            kill(getpid(), signal);
    }
}

} // namespace

Result<bool> setSignals(uv_loop_t* loop, const SignalPlan& plan, void (*told)()) {
    tell = told;
    if (const int reason = openWake(loop))
        return Failure{reason, "uv_async_init"};
    release();
    setAll(plan.handled, note);
    setAll(plan.ignored, SIG_IGN);
    setAll(plan.standard, SIG_DFL);
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int signal : plan.blocked)
        sigaddset(&blocked, signal);
    // For this thread; the others were started with all of them blocked.
    sigprocmask(SIG_SETMASK, &blocked, nullptr);
    return true;
}

std::vector<int> takeSignals() {
    std::vector<int> taken;
    for (int signal = 1; signal <= kLastSignal; signal++) {
        if (arrived[signal].exchange(false))
            taken.push_back(signal);
    }
    return taken;
}

SignalHold::SignalHold() : ignored_(ignoredSignals()) {
    const sigset_t all = allButFaults();
    sigprocmask(SIG_BLOCK, &all, &before_);
    makePending(takeSignals());
    setAll(ignored_, SIG_DFL);
}

SignalHold::~SignalHold() {
    setAll(ignored_, SIG_IGN);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Launch launched() {
    const superdaemon_launch* found = noted();
    if (found == nullptr)
        return {};
    Launch launch;
    launch.isKnown = true;
    launch.blocked = numbersIn(found->blocked, 1);
    launch.ignored = numbersIn(found->ignored, 1);
    launch.closed = numbersIn(found->closed, 0);
    launch.inherited.assign(found->inherited, found->inherited + found->inheritedCount);
    return launch;
}

void setProcessName(const char* name) {
#ifdef __linux__
    prctl(PR_SET_NAME, name);
#else
    (void)name; // on macOS the name is that of the program, and cannot be changed
#endif
}

} // namespace superdaemon
