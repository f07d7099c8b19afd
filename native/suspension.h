#pragma once

#include <atomic>
#include <cstdint>

namespace superdaemon {

// What a parent and the child that it made by vfork say to each other: while the parent is suspended, a child that
// fails may ask to be done over by fork. In a page that both see even where vfork is fork in truth (valgrind,
// qemu-user), and the parent goes on at once: the child is then told that it stands on its own feet.
class Suspension {
  public:
    Suspension();
    ~Suspension();
    Suspension(const Suspension&) = delete;
    Suspension& operator=(const Suspension&) = delete;

    // False where there is no memory for it, or another thread is suspended.
    bool ok() const { return word_ != nullptr; }

    // In the child, once: false when the parent has gone on. Async-signal-safe.
    bool askForFork() const;

    // In the parent, once, when it has gone on.
    bool isForkWanted() const;

  private:
    // One for each thread, for good: to map one for every spawn would take a tenth of its time. Each suspension writes
    // a number of its own there, so that a child of an earlier one, still on its way, finds that its parent has gone
    // on.
    std::atomic<uint64_t>* word_;
    uint64_t suspended_ = 0;
};

} // namespace superdaemon
