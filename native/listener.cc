#include "listener.h"

#include "bind_with_mode.h"
#include "fd.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace superdaemon {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// These give 0 or an errno, as bind(2) would have given it.
int inetAddress(const ListenerRequest& request, Address& address) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(request.port);
    if (inet_pton(AF_INET, request.address.c_str(), &in.sin_addr) != 1)
        return EINVAL;
    memcpy(&address.storage, &in, sizeof in);
    address.length = sizeof in;
    return 0;
}

int inet6Address(const ListenerRequest& request, Address& address) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(request.port);
    if (inet_pton(AF_INET6, request.address.c_str(), &in.sin6_addr) != 1)
        return EINVAL;
    memcpy(&address.storage, &in, sizeof in);
    address.length = sizeof in;
    return 0;
}

int unixAddress(const std::string& path, Address& address) {
    sockaddr_un un{};
    // For an empty name Linux would choose an abstract one.
    if (path.empty())
        return ENOENT;
    if (path.size() > sizeof un.sun_path)
        return ENAMETOOLONG;
    un.sun_family = AF_UNIX;
    memcpy(un.sun_path, path.data(), path.size());
    // A path that fills sun_path has no room for a terminating NUL and needs none: the length tells its end.
    size_t terminator = path.size() < sizeof un.sun_path ? 1 : 0;
    address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + terminator);
    memcpy(&address.storage, &un, sizeof un);
    return 0;
}

int addressOf(const ListenerRequest& request, Address& address) {
    switch (request.family) {
    case Family::inet:
        return inetAddress(request, address);
    case Family::inet6:
        return inet6Address(request, address);
    case Family::local:
        return unixAddress(request.address, address);
    }
    return EAFNOSUPPORT;
}

int domainOf(Family family) {
    switch (family) {
    case Family::inet:
        return AF_INET;
    case Family::inet6:
        return AF_INET6;
    case Family::local:
        return AF_UNIX;
    }
    return AF_UNSPEC;
}

int openSocket(int domain, int type, bool blocking) {
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    return socket(domain, type | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
#else
    int fd = socket(domain, type, 0);
    if (fd >= 0) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (!blocking)
            fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return fd;
#endif
}

// UDP goes without SO_REUSEADDR: with it, a second instance would bind the same port and take the traffic (the
// original's behaviour). IPV6_V6ONLY lets `8080` and `[::]:8080` stand beside each other.
bool setOptions(int fd, const ListenerRequest& request) {
    const int on = 1;
    if (request.family != Family::local && request.stream &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return false;
    return request.family != Family::inet6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0;
}

// Gives 0 or an errno. The mode is 0777 unless another one was asked for, whatever the umask is, as in the original:
// who may connect is decided by the permissions of the directory.
int bindTo(int fd, const Address& address, const ListenerRequest& request) {
    if (request.family == Family::local)
        return bindWithMode(fd, address.get(), address.length, static_cast<mode_t>(request.mode));
    return bind(fd, address.get(), address.length) == 0 ? 0 : errno;
}

bool giveAway(const ListenerRequest& request) {
    const bool isAsked = request.owner != ListenerRequest::kUnchanged || request.group != ListenerRequest::kUnchanged;
    if (request.family != Family::local || !isAsked)
        return true;
    // lchown, so that a link which somebody may have put in its place is not followed.
    return lchown(request.address.c_str(), static_cast<uid_t>(request.owner), static_cast<gid_t>(request.group)) == 0;
}

bool startListening(int fd, const ListenerRequest& request) {
    return !request.stream || !request.backlog || listen(fd, *request.backlog) == 0;
}

} // namespace

Result<int> openListener(const ListenerRequest& request) {
    Address address;
    if (int reason = addressOf(request, address))
        return Failure{reason, "bind"};
    OwnedDescriptor fd(openSocket(domainOf(request.family), request.stream ? SOCK_STREAM : SOCK_DGRAM, true));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    if (!setOptions(fd.get(), request))
        return Failure{errno, "setsockopt"};
    if (int reason = bindTo(fd.get(), address, request))
        return Failure{reason, "bind"};
    // Until it listens, nobody can connect to a unix socket, whoever may write to its file.
    const char* const refused = !giveAway(request) ? "chown" : !startListening(fd.get(), request) ? "listen" : nullptr;
    if (refused == nullptr)
        return fd.release();
    const Failure failure{errno, refused};
    if (request.family == Family::local)
        unlink(request.address.c_str());
    return failure;
}

Result<int> setBacklog(int fd, int backlog) {
    if (listen(fd, backlog) != 0)
        return Failure{errno, "listen"};
    return backlog;
}

Result<int> localPort(int fd) {
    Address address;
    address.length = sizeof address.storage;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0)
        return Failure{errno, "getsockname"};
    switch (address.storage.ss_family) {
    case AF_INET:
        return ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
    case AF_INET6:
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port);
    default:
        return 0;
    }
}

Result<int> connectTo(const std::string& path) {
    Address address;
    if (int reason = unixAddress(path, address))
        return Failure{reason, "connect"};
    OwnedDescriptor fd(openSocket(AF_UNIX, SOCK_STREAM, false));
    if (fd.get() < 0)
        return Failure{errno, "socket"};
    if (connect(fd.get(), address.get(), address.length) != 0)
        return Failure{errno, "connect"};
    return fd.release();
}

Result<bool> isAccepting(const std::string& path) {
    const Result<int> connected = connectTo(path);
    if (connected.ok()) {
        close(connected.value());
        return true;
    }
    switch (connected.failure().number) {
    case ECONNREFUSED:
        return false;
    case EAGAIN:      // the backlog is full
    case EINPROGRESS: // the same on other systems
    case EPROTOTYPE:  // a datagram socket lives there
        return true;
    default:
        return connected.failure();
    }
}

Result<double> peerUid(int fd) {
#ifdef __linux__
    ucred peer{};
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return Failure{errno, "getsockopt"};
    return static_cast<double>(peer.uid);
#else
    uid_t uid = 0;
    gid_t gid = 0;
    if (getpeereid(fd, &uid, &gid) != 0)
        return Failure{errno, "getpeereid"};
    return static_cast<double>(uid);
#endif
}

} // namespace superdaemon
