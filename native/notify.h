#pragma once

#include "errors.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace superdaemon {

struct NotifySocket {
    int fd = -1;
    // The value for NOTIFY_SOCKET: a path, or '@' and an abstract name.
    std::string name;
};

// A datagram socket for sd_notify(3) messages, bound to this path; without one it gets an abstract name, which every
// user of the machine can read in /proc/net/unix, and write to. Each message comes with the pid of its sender.
Result<NotifySocket> openNotifySocket(const std::string& path);

struct Notification {
    // False where nothing is left to read.
    bool isThere = false;
    // 0 for a process of another pid namespace, which has no pid here.
    pid_t sender = 0;
    std::string text;
    // What came with the message; the caller closes it. BARRIER=1 brings a pipe, and its sender waits for the close.
    std::vector<int> descriptors;
};

// The next message, without waiting. Sockets that came with it do not linger any more. To close them may sleep all the
// same, if the sender has turned lingering on again; and so may closing a file on a file system of the sender's own.
Result<Notification> receiveNotification(int fd);

// Sends a message to the notify socket of this name, a path or '@' and an abstract name, from a socket that is closed
// again; the descriptors go with it and stay ours. False where there is no room for it yet: nothing is waited for.
Result<bool> sendNotification(const std::string& name, const std::string& text, const std::vector<int>& descriptors);

// Has SIGIO sent to this process whenever there is something to read from this descriptor, and makes it non-blocking.
Result<bool> signalInput(int fd);

} // namespace superdaemon
