#define _GNU_SOURCE
#include "going_on.h"
#include "shared.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

// What this process was started with; NULL where it is not to go on with a run.
static char** arguments;
static char** environment;

// Gives how many bytes were read: 0 where there is no such file, `size` where it is longer.
static size_t readFile(const char* path, char* room, size_t size) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = file < 0 ? 0 : 1;
    while (got > 0 && length < size) {
        got = read(file, room + length, size - length);
        length += got > 0 ? (size_t)got : 0;
    }
    if (file >= 0)
        close(file);
    return length;
}

// Gives a list with room for so many pointers and the NULL behind them; NULL without memory.
static char** roomForPointers(size_t count) {
    const size_t size = (count + 1) * sizeof(char*);
    void* room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room == MAP_FAILED ? NULL : (char**)room;
}

static char** pointersTo(char* text, size_t length) {
    size_t count = 0;
    for (size_t at = 0; at < length; at++)
        count += text[at] == '\0';
    char** pointers = roomForPointers(count);
    for (size_t at = 0, found = 0; pointers != NULL && found < count; at += strlen(text + at) + 1)
        pointers[found++] = text + at;
    return pointers;
}

static char** copyOf(char** pointers) {
    size_t count = 0;
    while (pointers[count] != NULL)
        count++;
    char** copy = roomForPointers(count);
    if (copy != NULL)
        memcpy(copy, pointers, count * sizeof *copy);
    return copy;
}

// A limit of open files that somebody has lowered from outside is what keeps node from its own files.
static void raiseDescriptorLimit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// Gives NULL without /proc or memory.
static char** ownArguments(void) {
    enum { kMost = 8 << 20 }; // more than the kernel lets a program have
    void* room = mmap(NULL, kMost, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return NULL;
    const size_t length = readFile("/proc/self/cmdline", (char*)room, kMost);
    return length == 0 || length == kMost ? NULL : pointersTo((char*)room, length);
}

void noteOwnStart(void) {
    const char* handover = getenv("SUPERDAEMON_HANDOVER");
    if (handover == NULL || numberOf(handover) < 0 || getenv("SUPERDAEMON_LAUNCHER") != NULL)
        return;
    raiseDescriptorLimit();
    arguments = ownArguments();
    environment = copyOf(environ);
}

int isGoingOn(void) {
    return arguments != NULL && environment != NULL;
}

void waitSecond(void) {
    const struct timespec second = {1, 0};
    nanosleep(&second, NULL);
}

// Somebody wants the end of a run that nobody can go on with.
static int isEndWanted(void) {
    uint64_t pending = 0;
    syscall(SYS_rt_sigpending, &pending, sizeof pending);
    return (pending & (bit(SIGTERM) | bit(SIGINT) | bit(SIGQUIT))) != 0;
}

// Makes the descriptors what they were at the start of this process.
static void restoreDescriptors(const struct superdaemon_launch* launch) {
    for (int number = 0; number < kStandardDescriptors; number++) {
        if ((launch->closed & (1U << number)) != 0)
            close(number);
        else
            fcntl(number, F_SETFD, 0); // node marks these close-on-exec, too
    }
    for (uint32_t each = 0; each < launch->inheritedCount; each++)
        fcntl(launch->inherited[each], F_SETFD, 0);
}

void becomeNodeAgain(const struct superdaemon_launch* launch) {
    restoreDescriptors(launch);
    while (!isEndWanted()) {
        tell("start_server: node has ended before it could go on with the run; it is started again in a second\n");
        waitSecond();
        raiseDescriptorLimit();
        execve("/proc/self/exe", arguments, environment);
    }
}
