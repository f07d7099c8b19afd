#pragma once

#include "errors.h"

#include <csignal>
#include <vector>

// Declared as in uv.h, so that no header of ours has to include that.
struct uv_loop_s;

namespace superdaemon {

// Signals are numbered from 1 up to this one.
#ifdef _NSIG
constexpr int kLastSignal = _NSIG - 1;
#else
constexpr int kLastSignal = NSIG - 1;
#endif

// What the signals of this process mean from now on. A signal that is in none of the lists stays as it is.
struct SignalPlan {
    // Noted, and told by the loop.
    std::vector<int> handled;
    std::vector<int> ignored;
    // Back to what the system does by itself.
    std::vector<int> standard;
    // In the main thread, and no others: what the preloaded library has held back so far comes through.
    std::vector<int> blocked;
};

// Takes the signals away from node and libuv: libuv's pipe for them is full after some thousand, and the next one is
// lost. Here a handler raises a flag for the signal and wakes the loop; the loop calls `told`, which is to call
// takeSignals(). To be called in the thread of the loop.
Result<bool> setSignals(uv_loop_s* loop, const SignalPlan& plan, void (*told)());

// The signals that have come since the last call; several of a kind are one.
std::vector<int> takeSignals();

// Blocks all signals but those of faults, for an exec. Signals that were noted and not yet taken are made pending
// again, since pending ones survive an exec. No signal is left ignored, since that would survive it, too. Where the
// exec is refused, the destructor makes everything as it was: signals that came meanwhile are noted, and told by the
// loop.
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
    // Descriptors above the standard ones that an exec leaves open.
    std::vector<int> inherited;
};

Launch launched();

// What ps and killall call this process; cut to 15 bytes.
void setProcessName(const char* name);

} // namespace superdaemon
