#pragma once

#include "errors.h"

#include <string>

namespace superdaemon {

// A descriptor that is closed unless it is released.
class OwnedDescriptor {
  public:
    explicit OwnedDescriptor(int number) : number_(number) {}
    ~OwnedDescriptor();
    OwnedDescriptor(const OwnedDescriptor&) = delete;
    OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;

    int get() const { return number_; }
    int release();

  private:
    int number_;
};

// Takes an exclusive flock(2) without waiting; false when another open file holds it.
Result<bool> tryLock(int fd);

// Sends to a socket without waiting, and without changing the flags of its open file, which other processes share.
// Gives how many bytes were taken, 0 while there is no room.
Result<int> sendNow(int fd, const std::string& text);

// Clears O_NONBLOCK of an open file; it was opened with it so that open(2) itself did not wait.
Result<bool> makeBlocking(int fd);

struct PipeEnds {
    int reading = -1;
    int writing = -1;
};

// Both ends close-on-exec.
Result<PipeEnds> makePipe();

// Makes `to` the same open file as `from`, close-on-exec; what `to` was is closed.
Result<int> duplicate(int from, int to);

// An exec closes it from now on.
Result<bool> setCloseOnExec(int fd);

// The highest descriptor that is open here; where open descriptors cannot be listed, the highest possible one.
int highestDescriptor();

// The soft limit on descriptors: every number lies below it.
int descriptorLimit();

} // namespace superdaemon
