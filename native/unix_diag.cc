#include "unix_diag.h"

#include "fd.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/time.h>
#endif

namespace superdaemon {

#ifdef __linux__

namespace {

constexpr uint32_t kListen = 10; // TCP_LISTEN, which unix sockets use as well
constexpr int kMostAnswers = 1 << 16;

struct Request {
    nlmsghdr header;
    unix_diag_req body;
};

bool ask(int fd) {
    Request request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.body.sdiag_family = AF_UNIX;
    request.body.udiag_states = 1U << kListen;
    request.body.udiag_show = UDIAG_SHOW_VFS;
    return send(fd, &request, sizeof request, 0) == sizeof request;
}

// The kernel's own numbers of devices have twenty bits for the minor.
UnixListener listenerOf(uint32_t socket, const unix_diag_vfs& file) {
    return {socket, file.udiag_vfs_dev >> 20, file.udiag_vfs_dev & 0xfffffU, file.udiag_vfs_ino};
}

// Appends the listener in one answer, unless it has an abstract name, and so no file.
void append(const nlmsghdr& answer, std::vector<UnixListener>& listeners) {
    unix_diag_msg socket{};
    const size_t fixed = NLMSG_LENGTH(sizeof socket);
    if (answer.nlmsg_len < fixed)
        return;
    memcpy(&socket, reinterpret_cast<const char*>(&answer) + NLMSG_HDRLEN, sizeof socket);
    for (size_t at = NLMSG_ALIGN(fixed); at + sizeof(nlattr) <= answer.nlmsg_len;) {
        const char* place = reinterpret_cast<const char*>(&answer) + at;
        nlattr attribute{};
        memcpy(&attribute, place, sizeof attribute);
        if (attribute.nla_len < sizeof attribute || at + attribute.nla_len > answer.nlmsg_len)
            return;
        unix_diag_vfs file{};
        if (attribute.nla_type == UNIX_DIAG_VFS && attribute.nla_len >= NLA_HDRLEN + sizeof file) {
            memcpy(&file, place + NLA_HDRLEN, sizeof file);
            listeners.push_back(listenerOf(socket.udiag_ino, file));
        }
        at += NLA_ALIGN(attribute.nla_len);
    }
}

// Gives 0 when more is to come, -1 at the end, or an errno.
int take(const char* bytes, size_t length, std::vector<UnixListener>& listeners) {
    for (size_t at = 0; at + sizeof(nlmsghdr) <= length;) {
        const auto* answer = reinterpret_cast<const nlmsghdr*>(bytes + at);
        if (answer->nlmsg_len < sizeof *answer || at + answer->nlmsg_len > length)
            return EBADMSG;
        if (answer->nlmsg_type == NLMSG_DONE)
            return -1;
        if (answer->nlmsg_type == NLMSG_ERROR) {
            nlmsgerr error{};
            if (answer->nlmsg_len < NLMSG_LENGTH(sizeof error))
                return EBADMSG;
            memcpy(&error, bytes + at + NLMSG_HDRLEN, sizeof error);
            return error.error == 0 ? EBADMSG : -error.error;
        }
        append(*answer, listeners);
        at += NLMSG_ALIGN(answer->nlmsg_len);
    }
    return 0;
}

} // namespace

Result<std::vector<UnixListener>> unixListeners() {
    OwnedDescriptor fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    // The kernel answers at once; something that only imitates it may not, and is not waited for.
    const timeval patience{1, 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!ask(fd.get()))
        return Failure{errno, "send"};
    std::vector<UnixListener> listeners;
    alignas(nlmsghdr) std::array<char, 32768> buffer{};
    for (int answers = 0; answers < kMostAnswers; answers++) {
        sockaddr_nl sender{};
        socklen_t senderLength = sizeof sender;
        const ssize_t length =
            recvfrom(fd.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender), &senderLength);
        // Only what the kernel sends is an answer; its netlink number is 0.
        if ((length < 0 && errno == EINTR) || (length > 0 && sender.nl_pid != 0))
            continue;
        if (length <= 0)
            return Failure{length == 0 ? EBADMSG : errno, "recv"};
        const int outcome = take(buffer.data(), static_cast<size_t>(length), listeners);
        if (outcome > 0)
            return Failure{outcome, "recv"};
        if (outcome < 0)
            return listeners;
    }
    return Failure{EMSGSIZE, "recv"};
}

#else

Result<std::vector<UnixListener>> unixListeners() {
    return Failure{ENOSYS, "socket"};
}

#endif

} // namespace superdaemon
