#include "suspension.h"

#include <new>
#include <sys/mman.h>

namespace superdaemon {

Suspension::Suspension() {
    // A lock would be the parent's, and be held for ever.
    static_assert(std::atomic<Word>::is_always_lock_free);
    void* page = mmap(nullptr, sizeof *word_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    if (page != MAP_FAILED)
        word_ = new (page) std::atomic<Word>(suspended);
}

Suspension::~Suspension() {
    if (ok())
        munmap(word_, sizeof *word_);
}

bool Suspension::askForFork() {
    Word expected = suspended;
    return word_->compare_exchange_strong(expected, forkWanted);
}

bool Suspension::isForkWanted() {
    return word_->exchange(goneOn) == forkWanted;
}

} // namespace superdaemon
