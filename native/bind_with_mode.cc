#include "bind_with_mode.h"

#include <cerrno>
#include <csignal>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace superdaemon {
namespace {

struct Binding {
    int fd;
    const sockaddr* address;
    socklen_t length;
    // What the umask has to be, since bind(2) takes its bits from 0777.
    mode_t mask;
};

// Only umask(2) gives the file its mode before anybody can see it: a chmod by name comes later, and may meet a file
// that somebody else has put there. But all threads share one umask, and in a program that uses the library another
// thread may make files meanwhile. So a child binds the socket: it shares the socket with us, and has a umask of its
// own.
[[noreturn]] void bindAndEnd(const Binding& binding) {
    umask(binding.mask);
    _exit(bind(binding.fd, binding.address, binding.length) == 0 ? 0 : errno);
}

// Never inlined: the child of vfork writes to our stack, and here only below the frame of the caller.
[[gnu::noinline]] pid_t startChild(const Binding& binding) {
    pid_t pid = -1;
#ifdef __linux__
    // NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): fork would copy the page tables of node for one call
    pid = vfork();
    if (pid == 0)
        bindAndEnd(binding); // NOLINT(clang-analyzer-unix.Vfork): all it calls is safe there
    const bool isUnknown = pid < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL);
    if (!isUnknown)
        return pid;
#endif
    pid = fork();
    if (pid == 0)
        bindAndEnd(binding);
    return pid;
}

bool isBound(int fd) {
    sockaddr_un name{};
    socklen_t length = sizeof name;
    return getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) == 0 && length > sizeof name.sun_family;
}

int outcomeOf(pid_t child, int fd) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) // somebody else has reaped it, or this process ignores the end of its children
            return isBound(fd) ? 0 : errno;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return isBound(fd) ? 0 : EINTR;
}

int bindHere(const Binding& binding) {
    const mode_t before = umask(binding.mask);
    const int reason = bind(binding.fd, binding.address, binding.length) == 0 ? 0 : errno;
    umask(before);
    return reason;
}

} // namespace

int bindWithMode(int fd, const sockaddr* address, socklen_t length, mode_t mode) {
    const Binding binding{fd, address, length, static_cast<mode_t>(0777 & ~mode)};
    sigset_t all, before;
    sigfillset(&all);
    // No signal handler may run in the child, which shares our memory.
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t child = startChild(binding);
    const int reason = child > 0 ? outcomeOf(child, fd) : 0;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    // At the limit of processes there is no child. A service can open its sockets all the same: they are bound here.
    return child > 0 ? reason : bindHere(binding);
}

} // namespace superdaemon
