#pragma once

#include "errors.h"

#include <string>
#include <sys/types.h>

namespace superdaemon {

struct NotifySocket {
    int fd = -1;
    // As NOTIFY_SOCKET has it: '@' and the rest of a name that no file system knows.
    std::string name;
};

// A datagram socket for sd_notify(3) messages. Its name is abstract: a worker that has changed its user, or its root
// directory, reaches it all the same, and nothing has to be removed after a kill -9. Who sent what is checked by pid.
Result<NotifySocket> openNotifySocket();

struct Notification {
    // 0 where nothing is left to read.
    pid_t sender = 0;
    std::string text;
};

// The next message, without waiting, with the sender's pid as the kernel knows it. Descriptors that came with it are
// closed: to that end BARRIER=1 has one.
Result<Notification> receiveNotification(int fd);

// Has SIGIO sent to this process whenever there is something to read from this descriptor, which is not waited on any
// more.
Result<bool> signalInput(int fd);

} // namespace superdaemon
