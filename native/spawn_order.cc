#include "spawn_order.h"

#include "spawn.h"

#include <algorithm>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

// Cross compilers for macOS come without this header; nothing in it is needed for macOS.
#if __has_include(<sys/syscall.h>)
#include <sys/syscall.h>
#endif

namespace superdaemon {
namespace {

// The plan refers to the strings of the request, so both stay where they are.
struct Standing {
    explicit Standing(SpawnOrder given) : order(std::move(given)), plan(order.request) {}
    const SpawnOrder order;
    SpawnPlan plan;
};

std::unique_ptr<Standing>& standing() {
    static auto* order = new std::unique_ptr<Standing>; // never destroyed: node is gone when static objects are
    return *order;
}

CarriedOut carriedOut;

bool isAmong(const std::vector<int>& signals, int signal) {
    return std::find(signals.begin(), signals.end(), signal) != signals.end();
}

bool isEnding(const SpawnOrder& order, const std::vector<int>& arrived) {
    return std::any_of(arrived.begin(), arrived.end(), [&](int signal) { return isAmong(order.unless, signal); });
}

Ended endIn(const SpawnOrder& order) {
    if (order.endOf == 0)
        return {};
    const Result<Ended> found = findEnded(order.endOf);
    return found.ok() ? found.value() : Ended{};
}

// By its number: the function would need glibc 2.33. On 32 bits the call fills another structure.
off_t sizeOf(int fd) {
#if defined(SYS_fstat) && defined(__LP64__) && defined(__linux__)
    struct stat found {};
    return syscall(SYS_fstat, fd, &found) == 0 && S_ISREG(found.st_mode) ? found.st_size : kUnknown;
#else
    (void)fd;
    return kUnknown;
#endif
}

} // namespace

void orderSpawn(SpawnOrder order) {
    standing() = std::make_unique<Standing>(std::move(order));
}

void answerSignals(const std::vector<int>& arrived) {
    if (standing() == nullptr)
        return;
    const SpawnOrder& order = standing()->order;
    // An end that was seen before its signal is answered, too: it comes first in any case.
    const Ended ended = endIn(order);
    const bool isWithdrawn = isEnding(order, arrived);
    if (!isWithdrawn && ended.pid == 0 && !isAmong(arrived, order.signal))
        return;
    const std::unique_ptr<Standing> one = std::move(standing());
    if (isWithdrawn)
        return;
    const off_t size = sizeOf(one->order.output);
    const Result<pid_t> pid = spawnInSilence(one->plan);
    if (pid.ok() && pid.value() != 0)
        carriedOut = {pid.value(), ended, size};
}

CarriedOut withdrawOrder() {
    standing() = nullptr;
    const CarriedOut done = carriedOut;
    carriedOut = {};
    return done;
}

} // namespace superdaemon
