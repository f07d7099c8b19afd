#pragma once

#include "errors.h"

#include <cstdint>
#include <string>

namespace superdaemon {

// What a socket is and where it is bound, whoever has opened it.
struct DescribedSocket {
    enum class Family { inet, inet6, local, other } family = Family::other;
    enum class Type { stream, datagram, other } type = Type::other;
    // The numeric address; for a unix socket the path, or '@' and an abstract name; empty where it is not bound.
    std::string address;
    uint16_t port = 0;
    // Whether listen(2) was called.
    bool isListening = false;
    // Whether an IPv6 socket is for IPv6 only; otherwise one that is bound to :: serves IPv4, too.
    bool isOnlyV6 = false;
};

// ENOTSOCK where the descriptor is no socket.
Result<DescribedSocket> describeSocket(int fd);

} // namespace superdaemon
