#pragma once

#include "errors.h"

#include <cstdint>
#include <optional>
#include <string>

namespace superdaemon {

enum class Family { inet, inet6, local };

struct ListenerRequest {
    Family family = Family::inet;
    bool stream = true;
    // A numeric address, or the path of a unix socket.
    std::string address;
    // 0 lets the system choose; ignored for unix sockets.
    uint16_t port = 0;
    // For listen(2): stream sockets only. Without it, the address is taken, and nobody can connect.
    std::optional<int> backlog;
    // Of the file of a unix socket, from its first moment on.
    int mode = 0777;
    // Who is to own that file, before anybody can connect; kUnchanged leaves it as it was made.
    int64_t owner = kUnchanged;
    int64_t group = kUnchanged;

    static constexpr int64_t kUnchanged = -1;
};

// A blocking, close-on-exec socket, bound and, for streams with a backlog, listening. Blocking, because workers share
// the open file and the prefork servers among them expect accept(2) to wait.
Result<int> openListener(const ListenerRequest& request);

// Has a stream socket that listens go on with another backlog; what waits in its queue stays there.
Result<int> setBacklog(int fd, int backlog);

// The port that a TCP or UDP socket is bound to, in host order; 0 for a unix socket.
Result<int> localPort(int fd);

// Whether something accepts connections on the unix socket at this path, found out by connecting to it. A full backlog
// and a datagram socket count as alive.
Result<bool> isAccepting(const std::string& path);

// A non-blocking, close-on-exec socket, connected to the unix stream socket at this path; a full backlog is EAGAIN.
Result<int> connectTo(const std::string& path);

// The effective user of the process that has connected to, or listens at, the other end of a unix stream socket.
Result<double> peerUid(int fd);

} // namespace superdaemon
