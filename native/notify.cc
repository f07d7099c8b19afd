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
// As many descriptors as a message may carry. With less room, the kernel would close the rest inside recvmsg(2), and
// wait there for a socket that lingers.
constexpr size_t kMostDescriptors = 253;

struct Control {
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(kMostDescriptors * sizeof(int))];
};

// From now on close(2) does not wait until the socket's data is sent; otherwise the sender of the socket could have us
// wait for a peer that does not read. A descriptor of anything else refuses this, and does not linger.
void stopLingering(int fd) {
    const linger off{};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &off, sizeof off);
}

void takeDescriptors(const cmsghdr* header, std::vector<int>& descriptors) {
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < count; index++) {
        int fd = -1;
        memcpy(&fd, CMSG_DATA(header) + index * sizeof fd, sizeof fd);
        stopLingering(fd);
        descriptors.push_back(fd);
    }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare" // in musl's CMSG_NXTHDR

void takeControl(msghdr& message, Notification& notification) {
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET)
            continue;
        if (header->cmsg_type == SCM_RIGHTS)
            takeDescriptors(header, notification.descriptors);
        if (header->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials{};
            memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
            notification.sender = credentials.pid;
        }
    }
}

#pragma GCC diagnostic pop

// Without a path, the address is nothing but the family, and the kernel chooses a free abstract name.
Result<socklen_t> addressOf(const std::string& path, sockaddr_un& address) {
    address.sun_family = AF_UNIX;
    if (path.empty())
        return static_cast<socklen_t>(sizeof address.sun_family);
    // With room for a NUL, which some libraries for sd_notify(3) ask for.
    if (path.size() >= sizeof address.sun_path)
        return Failure{ENAMETOOLONG, "bind"};
    memcpy(address.sun_path, path.data(), path.size());
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
}

Result<socklen_t> peerAddress(const std::string& name, sockaddr_un& address) {
    address.sun_family = AF_UNIX;
    if (name.empty() || (name[0] != '/' && name[0] != '@'))
        return Failure{EINVAL, "connect"};
    if (name.size() > sizeof address.sun_path)
        return Failure{ENAMETOOLONG, "connect"};
    memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
}

// Puts the descriptors into the message, which from now on points to `control`.
void attach(const std::vector<int>& descriptors, Control& control, msghdr& message) {
    if (descriptors.empty())
        return;
    const size_t size = descriptors.size() * sizeof(int);
    message.msg_control = control.space;
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(header), descriptors.data(), size);
}

Result<std::string> nameOf(int fd) {
    sockaddr_un address{};
    socklen_t length = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return Failure{errno, "getsockname"};
    if (address.sun_path[0] != '\0')
        return std::string(address.sun_path);
    const size_t begin = offsetof(sockaddr_un, sun_path) + 1;
    return "@" + std::string(address.sun_path + 1, length - begin);
}

} // namespace

Result<NotifySocket> openNotifySocket(const std::string& path) {
    sockaddr_un address{};
    const Result<socklen_t> length = addressOf(path, address);
    if (!length.ok())
        return length.failure();
    OwnedDescriptor fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    const int on = 1;
    if (setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        return Failure{errno, "setsockopt"};
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length.value()) != 0)
        return Failure{errno, "bind"};
    const Result<std::string> name = nameOf(fd.get());
    if (!name.ok())
        return name.failure();
    return NotifySocket{fd.release(), name.value()};
}

Result<Notification> receiveNotification(int fd) {
    Notification notification;
    notification.text.resize(kLongest);
    iovec part{notification.text.data(), notification.text.size()};
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
    notification.isThere = true;
    notification.text.resize(static_cast<size_t>(length));
    takeControl(message, notification);
    return notification;
}

Result<bool> sendNotification(const std::string& name, const std::string& text, const std::vector<int>& descriptors) {
    sockaddr_un address{};
    const Result<socklen_t> length = peerAddress(name, address);
    if (!length.ok())
        return length.failure();
    if (descriptors.size() > kMostDescriptors)
        return Failure{EINVAL, "sendmsg"};
    const OwnedDescriptor fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    iovec part{const_cast<char*>(text.data()), text.size()};
    Control control{};
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = length.value();
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    attach(descriptors, control, message);
    ssize_t sent = 0;
    do
        sent = sendmsg(fd.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return true;
    return errno == EAGAIN || errno == ENOBUFS ? Result<bool>(false) : Failure{errno, "sendmsg"};
}

#else

// macOS has neither abstract names nor credentials with datagrams.
Result<NotifySocket> openNotifySocket(const std::string&) {
    return Failure{ENOTSUP, "socket"};
}

Result<Notification> receiveNotification(int) {
    return Failure{ENOTSUP, "recvmsg"};
}

Result<bool> sendNotification(const std::string&, const std::string&, const std::vector<int>&) {
    return Failure{ENOTSUP, "sendmsg"};
}

#endif

Result<bool> signalInput(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETOWN, getpid()) != 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK | O_ASYNC) != 0)
        return Failure{errno, "fcntl"};
    return true;
}

} // namespace superdaemon
