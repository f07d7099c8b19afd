#include "errors.h"

#include <cerrno>
#include <cstring>

namespace superdaemon {
namespace {

struct Name {
    int number;
    const char* text;
};

// strerrorname_np would do, but it came with glibc 2.32 and neither musl nor macOS has it.
#define NAME(number)                                                                                                   \
    { number, #number }
constexpr Name kNames[] = {
    NAME(E2BIG),        NAME(EACCES),          NAME(EADDRINUSE),   NAME(EADDRNOTAVAIL),
    NAME(EAFNOSUPPORT), NAME(EAGAIN),          NAME(EALREADY),     NAME(EBADF),
    NAME(EBUSY),        NAME(ECANCELED),       NAME(ECHILD),       NAME(ECONNABORTED),
    NAME(ECONNREFUSED), NAME(ECONNRESET),      NAME(EDEADLK),      NAME(EDESTADDRREQ),
    NAME(EDOM),         NAME(EDQUOT),          NAME(EEXIST),       NAME(EFAULT),
    NAME(EFBIG),        NAME(EHOSTDOWN),       NAME(EHOSTUNREACH), NAME(EIDRM),
    NAME(EILSEQ),       NAME(EINPROGRESS),     NAME(EINTR),        NAME(EINVAL),
    NAME(EIO),          NAME(EISCONN),         NAME(EISDIR),       NAME(ELOOP),
    NAME(EMFILE),       NAME(EMLINK),          NAME(EMSGSIZE),     NAME(ENAMETOOLONG),
    NAME(ENETDOWN),     NAME(ENETRESET),       NAME(ENETUNREACH),  NAME(ENFILE),
    NAME(ENOBUFS),      NAME(ENODEV),          NAME(ENOENT),       NAME(ENOEXEC),
    NAME(ENOLCK),       NAME(ENOMEM),          NAME(ENOPROTOOPT),  NAME(ENOSPC),
    NAME(ENOSYS),       NAME(ENOTBLK),         NAME(ENOTCONN),     NAME(ENOTDIR),
    NAME(ENOTEMPTY),    NAME(ENOTSOCK),        NAME(ENOTSUP),      NAME(ENOTTY),
    NAME(ENXIO),        NAME(EOPNOTSUPP),      NAME(EOVERFLOW),    NAME(EPERM),
    NAME(EPFNOSUPPORT), NAME(EPIPE),           NAME(EPROTO),       NAME(EPROTONOSUPPORT),
    NAME(EPROTOTYPE),   NAME(ERANGE),          NAME(EREMOTE),      NAME(EROFS),
    NAME(ESHUTDOWN),    NAME(ESOCKTNOSUPPORT), NAME(ESPIPE),       NAME(ESRCH),
    NAME(ESTALE),       NAME(ETIMEDOUT),       NAME(ETOOMANYREFS), NAME(ETXTBSY),
    NAME(EUSERS),       NAME(EWOULDBLOCK),     NAME(EXDEV),
#ifdef __linux__
    NAME(ECOMM),        NAME(EKEYEXPIRED),     NAME(ELIBBAD),      NAME(EMEDIUMTYPE),
    NAME(ENOKEY),       NAME(ENOMEDIUM),       NAME(ENONET),       NAME(ENOPKG),
    NAME(EREMOTEIO),    NAME(ERFKILL),
#endif
};
#undef NAME

} // namespace

const char* errorName(int number) {
    for (const Name& name : kNames) {
        if (name.number == number)
            return name.text;
    }
    return "UNKNOWN";
}

std::string errorText(int number) {
    return strerror(number);
}

std::string errorMessage(const Failure& failure) {
    return std::string(errorName(failure.number)) + ": " + errorText(failure.number) + ", " + failure.syscall;
}

} // namespace superdaemon
