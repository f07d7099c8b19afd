#pragma once

#include <atomic>
#include <cstdint>

namespace superdaemon {

// How a child that was made by vfork and its suspended parent talk: a child that fails may ask the parent to make
// another one by fork. Where vfork is really a fork (valgrind, qemu-user) the parent is not suspended; then the child
// is told so, and reports its failure itself. The word is in a page that both processes see in either case.
class Suspension {
  public:
    Suspension();
    ~Suspension();
    Suspension(const Suspension&) = delete;
    Suspension& operator=(const Suspension&) = delete;

    // False where there is no memory for the page, or another thread is suspended.
    bool ok() const { return word_ != nullptr; }

    // In the child, once: false when the parent has gone on. Async-signal-safe.
    bool askForFork() const;

    // In the parent, once, when it has gone on.
    bool isForkWanted() const;

  private:
    // One for the process, for good: to map a page for every spawn would take a tenth of its time. One suspension at a
    // time uses it, and writes a number of its own there: a child of an earlier one that still runs sees by the number
    // that its parent has gone on.
    std::atomic<uint64_t>* word_;
    uint64_t suspended_ = 0;
};

} // namespace superdaemon
