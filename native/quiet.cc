#include "quiet.h"

#include "engine.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <uv.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace superdaemon {

#ifdef __linux__
namespace {

// A mapping as smaps(5) tells it. Its fields follow the line that begins it; Anonymous is one of the last of them.
struct Mapped {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    bool isReadOnlyFile = false;
    size_t residentKilobytes = 0;
};

// Whether the line begins a mapping.
bool begins(const char* line, Mapped& mapped) {
    unsigned long begin = 0, end = 0, inode = 0;
    char rights[5];
    // NOLINTNEXTLINE(cert-err34-c): the system has written these numbers
    if (sscanf(line, "%lx-%lx %4s %*s %*s %lu", &begin, &end, rights, &inode) != 4)
        return false;
    mapped = {begin, end, rights[0] == 'r' && rights[1] == '-' && rights[3] == 'p' && inode != 0, 0};
    return true;
}

// The number of kB in the line, if it is the field of that name.
bool isField(const char* line, const char* name, size_t& kilobytes) {
    const size_t length = strlen(name);
    if (strncmp(line, name, length) != 0)
        return false;
    kilobytes = strtoul(line + length, nullptr, 10);
    return true;
}

// Gives back how many kB of it were resident. What was changed once has pages without a file, which would be lost: the
// part of the data that only the linker writes to, and all text where node has been told to keep it in large pages.
size_t giveBackText() {
    FILE* file = fopen("/proc/self/smaps", "re");
    if (file == nullptr)
        return 0;
    char line[512];
    Mapped mapped;
    size_t given = 0, changed = 0;
    while (fgets(line, sizeof line, file) != nullptr) {
        if (begins(line, mapped) || !mapped.isReadOnlyFile || isField(line, "Rss:", mapped.residentKilobytes) ||
            !isField(line, "Anonymous:", changed) || changed != 0)
            continue;
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the system tells addresses as text
        madvise(reinterpret_cast<void*>(mapped.begin), mapped.end - mapped.begin, MADV_DONTNEED);
        given += mapped.residentKilobytes;
    }
    (void)fclose(file);
    return given;
}

// V8 looks at its heap once more 8 s after a collection, and has 5 MB of text back then.
constexpr uint64_t untilLook = 10'000;
// What one look brings back itself, with the text of libc, is less than a half of it.
constexpr size_t worthALook = 3'000;

// So it ends, 10 or 20 s after the last event, and then nothing happens any more.
void giveBackTextAgain(uv_timer_t* handle) {
    if (giveBackText() > worthALook)
        uv_timer_start(handle, giveBackTextAgain, untilLook, 0);
}

void giveBack(uv_timer_t* handle) {
    collectGarbage();
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    giveBackText(); // last of all: the collection runs through much of it
    uv_timer_start(handle, giveBackTextAgain, untilLook, 0);
}

uv_timer_t* timer = nullptr;

// The size of the handle is asked of the libuv in this node; the headers may be those of another one.
int openTimer(uv_loop_t* loop) {
    if (timer != nullptr)
        return 0;
    auto* handle = static_cast<uv_timer_t*>(malloc(uv_handle_size(UV_TIMER)));
    if (handle == nullptr)
        return ENOMEM;
    uv_timer_init(loop, handle);
    // It does not keep the loop running.
    uv_unref(reinterpret_cast<uv_handle_t*>(handle));
    timer = handle;
    return 0;
}

} // namespace
#endif

Result<bool> giveBackMemory(uv_loop_t* loop, uint64_t milliseconds) {
#ifdef __linux__
    if (const int reason = openTimer(loop))
        return Failure{reason, "uv_timer_init"};
    uv_timer_start(timer, giveBack, milliseconds, 0);
    return true;
#else
    (void)loop;
    (void)milliseconds;
    return false;
#endif
}

} // namespace superdaemon
