#include "users.h"

#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <vector>

namespace superdaemon {
namespace {

// Some groups have thousands of members, and all their names go into the buffer.
constexpr size_t kFirstBuffer = 4096;
constexpr size_t kLargestBuffer = 16 << 20;

// `look` fills an entry by a buffer as getpwnam_r(3) does; `number` reads the entry.
template <typename Entry, typename Look, typename Number>
Result<double> find(const char* call, const Look& look, const Number& number) {
    for (size_t size = kFirstBuffer; size <= kLargestBuffer; size *= 4) {
        std::vector<char> buffer(size);
        Entry entry{};
        Entry* found = nullptr;
        const int reason = look(&entry, buffer.data(), buffer.size(), &found);
        if (found != nullptr)
            return static_cast<double>(number(entry));
        if (reason == 0)
            return Failure{ENOENT, call};
        if (reason != ERANGE && reason != EINTR)
            return Failure{reason, call};
    }
    return Failure{ERANGE, call};
}

} // namespace

Result<double> userId(const std::string& name) {
    const auto look = [&](passwd* entry, char* buffer, size_t size, passwd** found) {
        return getpwnam_r(name.c_str(), entry, buffer, size, found);
    };
    return find<passwd>("getpwnam", look, [](const passwd& entry) { return entry.pw_uid; });
}

Result<double> groupId(const std::string& name) {
    const auto look = [&](group* entry, char* buffer, size_t size, group** found) {
        return getgrnam_r(name.c_str(), entry, buffer, size, found);
    };
    return find<group>("getgrnam", look, [](const group& entry) { return entry.gr_gid; });
}

} // namespace superdaemon
