#pragma once

#include <atomic>

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

    // False where there is no memory for it.
    bool ok() const { return word_ != nullptr; }

    // In the child, once: false when the parent has gone on. Async-signal-safe.
    bool askForFork();

    // In the parent, once, when it has gone on.
    bool isForkWanted();

  private:
    enum Word { suspended, forkWanted, goneOn };

    std::atomic<Word>* word_ = nullptr;
};

} // namespace superdaemon
