#include "described_socket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace superdaemon {
namespace {

// Gives 0 where this kind of socket does not know the option.
int option(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) == 0 ? value : 0;
}

DescribedSocket::Type typeOf(int type) {
    switch (type) {
    case SOCK_STREAM:
        return DescribedSocket::Type::stream;
    case SOCK_DGRAM:
        return DescribedSocket::Type::datagram;
    default:
        return DescribedSocket::Type::other;
    }
}

std::string text(int family, const void* address) {
    char buffer[INET6_ADDRSTRLEN] = "";
    return inet_ntop(family, address, buffer, sizeof buffer) == nullptr ? std::string() : std::string(buffer);
}

// A path that fills sun_path has no NUL behind it; the length of a shorter path may count its NUL.
std::string unixName(const sockaddr_un& address, socklen_t length) {
    constexpr size_t begin = offsetof(sockaddr_un, sun_path);
    if (length <= begin)
        return {};
    const std::string name(address.sun_path, length - begin);
    return name[0] == '\0' ? "@" + name.substr(1) : name.substr(0, name.find('\0'));
}

void describeAddress(const sockaddr_storage& storage, socklen_t length, DescribedSocket& described) {
    switch (storage.ss_family) {
    case AF_INET: {
        const auto& address = reinterpret_cast<const sockaddr_in&>(storage);
        described.family = DescribedSocket::Family::inet;
        described.address = text(AF_INET, &address.sin_addr);
        described.port = ntohs(address.sin_port);
        return;
    }
    case AF_INET6: {
        const auto& address = reinterpret_cast<const sockaddr_in6&>(storage);
        described.family = DescribedSocket::Family::inet6;
        described.address = text(AF_INET6, &address.sin6_addr);
        described.port = ntohs(address.sin6_port);
        return;
    }
    case AF_UNIX:
        described.family = DescribedSocket::Family::local;
        described.address = unixName(reinterpret_cast<const sockaddr_un&>(storage), length);
        return;
    default:
        return;
    }
}

} // namespace

Result<DescribedSocket> describeSocket(int fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        return Failure{errno, "getsockname"};
    DescribedSocket described;
    described.type = typeOf(option(fd, SOL_SOCKET, SO_TYPE));
    described.isListening = option(fd, SOL_SOCKET, SO_ACCEPTCONN) != 0;
    described.isOnlyV6 = option(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0;
    describeAddress(storage, length, described);
    return described;
}

} // namespace superdaemon
