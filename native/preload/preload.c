// Keeps all signals blocked while node boots. For some twenty milliseconds node would otherwise reset their
// dispositions, unblock them all, and open its inspector to everybody at USR1. The launcher has this library preloaded
// into node (LD_PRELOAD, see ld.so(8)). Signals that come meanwhile wait until the addon has set its handlers and
// releases them. And where node boots to go on with a run, but ends before that, it is started again.
//
// It also notes what node is about to destroy and workers have to inherit, and has every thread start with all signals
// blocked: only the main thread is ever interrupted.
//
// It is linked with nothing, and asks for functions by name alone, so that one file is good for every C library.

#define _GNU_SOURCE
#include "preload.h"
#include "going_on.h"
#include "quick_boot.h"
#include "shared.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

enum { kLastSignal = 64 };

// A second name of sigaction, for where functions cannot be found by name.
extern __typeof__(sigaction) __sigaction __attribute__((weak));

typedef int Sigaction(int, const struct sigaction*, struct sigaction*);
typedef int PthreadCreate(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

static struct superdaemon_launch launch;
static int isNode;
static volatile int isHeld;

// Signals that a fault of the process itself raises: node handles some of them, and a blocked one would kill.
static uint64_t faults(void) {
    return bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGABRT) | bit(SIGSYS);
}

// The C libraries keep the first real-time signals, from 32 on, to themselves.
static uint64_t everything(void) {
    uint64_t all = ~faults();
    for (int signal = 32; signal < SIGRTMIN; signal++)
        all &= ~bit(signal);
    return all;
}

// The kernel's own call, whose sets have 64 bits, like those of superdaemon_launch.
static int mask(int how, const uint64_t* set, uint64_t* before) {
    return (int)syscall(SYS_rt_sigprocmask, how, set, before, sizeof(uint64_t));
}

static int isFault(int signal) {
    return signal >= 1 && signal <= kLastSignal && (faults() & bit(signal)) != 0;
}

// Looked up at the first call, which a library of the caller's may make before this one is set up.
static Sigaction* realSigaction(void) {
    static Sigaction* found;
    if (found == NULL)
        found = dlsym == NULL ? __sigaction : (Sigaction*)dlsym(RTLD_NEXT, "sigaction");
    return found;
}

static PthreadCreate* realPthreadCreate(void) {
    static PthreadCreate* found;
    if (found == NULL)
        found = (PthreadCreate*)dlsym(RTLD_NEXT, "pthread_create");
    return found;
}

static void noteSignals(void) {
    for (int signal = 1; signal <= kLastSignal; signal++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        if (realSigaction()(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            launch.ignored |= bit(signal);
    }
}

// To be noted before node opens /dev/null in place of those that are closed.
static void noteStandardDescriptors(void) {
    for (int number = 0; number < kStandardDescriptors; number++) {
        if (fcntl(number, F_GETFD) < 0)
            launch.closed |= 1U << number;
    }
}

// Gives room for one more descriptor at each call; there may be a million of them.
static int* roomForDescriptor(void) {
    enum { kChunk = 1024 };
    static int* room;
    const uint32_t used = launch.inheritedCount;
    if (used % kChunk == 0) {
        const size_t size = used * sizeof *room;
        void* grown =
            mmap(NULL, size + kChunk * sizeof *room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (grown == MAP_FAILED)
            return NULL;
        if (size > 0) {
            memcpy(grown, room, size);
            munmap(room, size);
        }
        room = (int*)grown;
        launch.inherited = room;
    }
    launch.inheritedCount++;
    return room + used;
}

static void noteDescriptor(int number) {
    if (number < kStandardDescriptors || (fcntl(number, F_GETFD) & FD_CLOEXEC) != 0)
        return;
    int* place = roomForDescriptor();
    if (place != NULL)
        *place = number;
}

// To be noted before node marks all of them close-on-exec.
static void noteInheritedDescriptors(void) {
    struct Entry {
        uint64_t inode;
        int64_t next;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    char entries[4096] __attribute__((aligned(8)));
    const int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return;
    for (;;) {
        const long length = syscall(SYS_getdents64, directory, entries, sizeof entries);
        if (length <= 0)
            break;
        for (long at = 0; at < length;) {
            const struct Entry* entry = (const struct Entry*)(entries + at);
            noteDescriptor(numberOf(entry->name));
            at += entry->length;
        }
    }
    close(directory);
}

// Whether node boots for a run. As long as the signals are held, it has done nothing for it.
static int isBooting(void) {
    return isHeld && isGoingOn();
}

// Runs when node calls exit(3).
__attribute__((destructor)) static void startAgain(void) {
    if (isBooting())
        becomeNodeAgain(&launch);
}

// Each is handled once, by SA_RESETHAND. A signal that somebody sends, as a service manager's watchdog does, and a
// fault where nothing is started again end the process as they would have.
static void startAgainAfterFault(int signal, siginfo_t* info, void* context) {
    (void)context;
    const int isSent = info->si_code <= 0;
    if (!isSent || info->si_pid == getpid())
        startAgain();
    if (isSent)
        raise(signal);
}

static void handleFaults(void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = (int)(SA_NODEFER | SA_RESETHAND | SA_SIGINFO);
    for (int signal = 1; signal <= kLastSignal; signal++) {
        if (isFault(signal))
            realSigaction()(signal, &action, NULL);
    }
}

__attribute__((constructor)) static void hold(void) {
    // The node of a version manager is a script, or another program, that becomes node by an exec later.
    isNode = dlsym != NULL && dlsym(RTLD_DEFAULT, "napi_get_uv_event_loop") != NULL;
    if (!isNode)
        return;
    const uint64_t all = everything();
    isHeld = 1;
    mask(SIG_BLOCK, &all, &launch.blocked);
    noteSignals();
    noteStandardDescriptors();
    noteOwnStart();
    // Node aborts, or uses a null pointer, where the system refuses something at its start.
    if (isGoingOn())
        handleFaults(startAgainAfterFault);
    noteInheritedDescriptors();
    prctl(PR_SET_NAME, "start_server");
}

EXPORTED const struct superdaemon_launch* superdaemon_launched(void) {
    return isNode ? &launch : NULL;
}

EXPORTED void superdaemon_release(void) {
    quickenBoot();
    if (isBooting())
        handleFaults(NULL); // the default
    isHeld = 0;
}

// The functions below take the place of the C library's for node and for everything it is linked with.

EXPORTED int pthread_sigmask(int how, const sigset_t* set, sigset_t* before) {
    uint64_t wanted = 0;
    uint64_t found = 0;
    if (set != NULL) {
        memcpy(&wanted, set, sizeof wanted);
        wanted &= everything() | faults();
    }
    const int result = mask(how, set == NULL || isHeld ? NULL : &wanted, &found);
    if (before != NULL) {
        memset(before, 0, sizeof *before);
        memcpy(before, &found, sizeof found);
    }
    return result == 0 ? 0 : EINVAL;
}

EXPORTED int sigaction(int signal, const struct sigaction* action, struct sigaction* before) {
    const int isIgnored = isHeld && (!isFault(signal) || isGoingOn());
    return realSigaction()(signal, isIgnored ? NULL : action, before);
}

static int createThread(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument) {
    int refused = realPthreadCreate()(thread, attributes, start, argument);
    if (refused != 0)
        tell("start_server: the system refuses a thread to node; "
             "raise the limit of processes (ulimit -u), or that of memory (ulimit -v)\n");
    while (refused != 0 && isBooting()) {
        waitSecond();
        refused = realPthreadCreate()(thread, attributes, start, argument);
    }
    return refused;
}

EXPORTED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                            void* argument) {
    if (isHeld)
        quickenBoot();
    const uint64_t all = everything();
    uint64_t before;
    mask(SIG_BLOCK, &all, &before);
    const int refused = createThread(thread, attributes, start, argument);
    if (refused != 0)
        _exit(refused); // node and libuv would abort, or wait for the thread for ever
    mask(SIG_SETMASK, &before, NULL);
    return 0;
}
