#include "notify.h"

#include "fd.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace superdaemon {

#ifdef __linux__
namespace {

// systemd's own limit is a page; more of a message is cut off.
constexpr size_t kLongest = 4096;
// As many descriptors as a message may carry.
constexpr size_t kMostDescriptors = 253;

struct Control {
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(kMostDescriptors * sizeof(int))];
};

void closeAll(const cmsghdr* header) {
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < count; index++) {
        int fd = -1;
        memcpy(&fd, CMSG_DATA(header) + index * sizeof fd, sizeof fd);
        close(fd);
    }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare" // in musl's CMSG_NXTHDR

pid_t senderIn(msghdr& message) {
    pid_t sender = 0;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET)
            continue;
        if (header->cmsg_type == SCM_RIGHTS)
            closeAll(header);
        if (header->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials{};
            memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
            sender = credentials.pid;
        }
    }
    return sender;
}

#pragma GCC diagnostic pop

} // namespace

Result<NotifySocket> openNotifySocket() {
    OwnedDescriptor fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    const int on = 1;
    if (setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        return Failure{errno, "setsockopt"};
    // Of nothing but a family, the kernel makes an abstract name that is free.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address.sun_family) != 0)
        return Failure{errno, "bind"};
    socklen_t length = sizeof address;
    if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return Failure{errno, "getsockname"};
    const size_t begin = offsetof(sockaddr_un, sun_path) + 1;
    return NotifySocket{fd.release(), "@" + std::string(address.sun_path + 1, length - begin)};
}

Result<Notification> receiveNotification(int fd) {
    std::string text(kLongest, '\0');
    iovec part{text.data(), text.size()};
    Control control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.space;
    message.msg_controllen = sizeof control.space;
    ssize_t length = 0;
    do
        length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        return errno == EAGAIN ? Result<Notification>(Notification{}) : Failure{errno, "recvmsg"};
    text.resize(static_cast<size_t>(length));
    return Notification{senderIn(message), text};
}

#else

// macOS has neither abstract names nor credentials with datagrams.
Result<NotifySocket> openNotifySocket() {
    return Failure{ENOTSUP, "socket"};
}

Result<Notification> receiveNotification(int) {
    return Failure{ENOTSUP, "recvmsg"};
}

#endif

Result<bool> signalInput(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETOWN, getpid()) != 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK | O_ASYNC) != 0)
        return Failure{errno, "fcntl"};
    return true;
}

} // namespace superdaemon
