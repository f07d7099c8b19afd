#pragma once

#include "errors.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace superdaemon {

struct NotifySocket {
    int fd = -1;
    // As NOTIFY_SOCKET has it: a path, or '@' and the rest of a name that no file system knows.
    std::string name;
};

// A datagram socket for sd_notify(3) messages, bound to this path; without one it gets an abstract name, which every
// user of the machine can read in /proc/net/unix, and write to. Who has sent what is told by pid.
Result<NotifySocket> openNotifySocket(const std::string& path);

struct Notification {
    // False where nothing is left to read.
    bool isThere = false;
    // 0 where it is a process of another pid namespace, which has no number here.
    pid_t sender = 0;
    std::string text;
    // What came with it, to be closed by the caller; BARRIER=1 has a pipe, whose sender waits for that.
    std::vector<int> descriptors;
};

// The next message, without waiting. Sockets that came with it do not linger any more; closing them may sleep all the
// same, where their sender has been quick to turn that on again, and so may closing a file of a file system of theirs.
Result<Notification> receiveNotification(int fd);

// Sends a message to the notify socket of this name, a path or '@' and an abstract name, from a socket that is closed
// again; the descriptors go with it and stay ours. False where there is no room for it yet: nothing is waited for.
Result<bool> sendNotification(const std::string& name, const std::string& text, const std::vector<int>& descriptors);

// Has SIGIO sent to this process whenever there is something to read from this descriptor, which is not waited on any
// more.
Result<bool> signalInput(int fd);

} // namespace superdaemon
