#pragma once

#include "errors.h"

#include <csignal>
#include <vector>

// As in uv.h, which no header of ours needs.
struct uv_loop_s;

namespace superdaemon {

// Signals are numbered from 1 up to this one.
#ifdef _NSIG
constexpr int kLastSignal = _NSIG - 1;
#else
constexpr int kLastSignal = NSIG - 1;
#endif

// What the signals of this process mean from now on. Those in none of the lists stay as they are.
struct SignalPlan {
    // Noted, and told by the loop.
    std::vector<int> handled;
    std::vector<int> ignored;
    // Back to what the system does by itself.
    std::vector<int> standard;
    // All others of the main thread come through. So far all may have been held back by the preloaded library.
    std::vector<int> blocked;
};

// Takes the signals out of the hands of node and libuv, whose pipe for them is full after some thousand: what comes
// then is lost. Here a handler raises a flag, however often, and wakes the loop, which calls `told` for takeSignals().
// To be called in the thread of the loop.
Result<bool> setSignals(uv_loop_s* loop, const SignalPlan& plan, void (*told)());

// Those that have come since they were taken last; several of a kind are one.
std::vector<int> takeSignals();

// Holds back all signals but those of faults, for an exec: those that were noted and not yet taken are pending again,
// and none is ignored. Those that were pending survive the exec, whatever is done with them; ignored ones stay ignored
// over it. Where the exec is refused, its end makes everything as it was: what has come meanwhile is noted, and told by
// the loop.
class SignalHold {
  public:
    SignalHold();
    ~SignalHold();
    SignalHold(const SignalHold&) = delete;
    SignalHold& operator=(const SignalHold&) = delete;

  private:
    sigset_t before_;
    std::vector<int> ignored_;
};

// What the preloaded library (native/preload) has noted before node began.
struct Launch {
    // False where it was not loaded: then nothing is known.
    bool isKnown = false;
    std::vector<int> blocked;
    std::vector<int> ignored;
    // Standard descriptors that were not open.
    std::vector<int> closed;
    // Descriptors above those that an exec leaves open.
    std::vector<int> inherited;
};

Launch launched();

// What ps and killall call this process; cut to 15 bytes.
void setProcessName(const char* name);

} // namespace superdaemon
