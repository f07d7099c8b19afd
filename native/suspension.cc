#include "suspension.h"

#include <new>
#include <sys/mman.h>

namespace superdaemon {
namespace {

using Word = std::atomic<uint64_t>;

// Two processes share the word; a lock beside it would be in the memory of one of them.
static_assert(Word::is_always_lock_free);

// The two lowest bits tell what has become of a suspension; the bits above are its number.
constexpr uint64_t kForkWanted = 1;
constexpr uint64_t kGoneOn = 2;
constexpr uint64_t kNext = 4;

Word* mapWord() {
    void* page = mmap(nullptr, sizeof(Word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    return page == MAP_FAILED ? nullptr : new (page) Word(0);
}

// One for the whole process, so that one thread at a time can be suspended. One for each thread would need
// thread_local, and that a library which node does not load everywhere.
Word* shared = nullptr;
std::atomic_flag taken = ATOMIC_FLAG_INIT;

Word* take() {
    if (taken.test_and_set())
        return nullptr;
    if (shared == nullptr)
        shared = mapWord();
    if (shared == nullptr)
        taken.clear();
    return shared;
}

} // namespace

Suspension::Suspension() : word_(take()) {
    if (!ok())
        return;
    suspended_ = (*word_ / kNext + 1) * kNext;
    *word_ = suspended_;
}

Suspension::~Suspension() {
    if (ok())
        taken.clear();
}

bool Suspension::askForFork() const {
    uint64_t expected = suspended_;
    return word_->compare_exchange_strong(expected, suspended_ + kForkWanted);
}

bool Suspension::isForkWanted() const {
    return word_->exchange(suspended_ + kGoneOn) == suspended_ + kForkWanted;
}

} // namespace superdaemon
