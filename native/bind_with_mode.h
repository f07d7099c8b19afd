#pragma once

#include <sys/socket.h>
#include <sys/types.h>

namespace superdaemon {

// bind(2) of a unix socket; the file that it makes has exactly this mode from its first moment on, whatever the umask
// is, and no other thread's files ever get another mode by it. Gives 0 or an errno.
int bindWithMode(int fd, const sockaddr* address, socklen_t length, mode_t mode);

} // namespace superdaemon
