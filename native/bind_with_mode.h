#pragma once

#include <sys/socket.h>
#include <sys/types.h>

namespace superdaemon {

// bind(2) for a unix socket. The file has exactly this mode from its first moment on, whatever the umask is; files that
// other threads make meanwhile are not affected. Gives 0 or an errno.
int bindWithMode(int fd, const sockaddr* address, socklen_t length, mode_t mode);

} // namespace superdaemon
