// The few system calls of the sleeper, straight to the kernel: with a C library in it, it would take ten times the
// memory. Each call gives its result, or the negative errno.

#ifndef SUPERDAEMON_KERNEL_H
#define SUPERDAEMON_KERNEL_H

#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/stat.h>
#include <stdint.h>
#include <sys/syscall.h>

#if defined(__x86_64__)

static long request(long number, long a, long b, long c, long d, long e) {
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
}

// A program begins with the count of its arguments on the stack; these follow, and then the environment.
__asm__(".globl _start\n"
        "_start:\n"
        "xor %ebp, %ebp\n"
        "mov (%rsp), %rdi\n"
        "lea 8(%rsp), %rsi\n"
        "lea 16(%rsp,%rdi,8), %rdx\n"
        "and $-16, %rsp\n"
        "call main\n"
        "hlt\n");

#elif defined(__aarch64__)

static long request(long number, long a, long b, long c, long d, long e) {
    register long call __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    register long fifth __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(first) : "r"(call), "r"(second), "r"(third), "r"(fourth), "r"(fifth) : "memory");
    return first;
}

__asm__(".globl _start\n"
        "_start:\n"
        "mov x29, #0\n"
        "ldr x0, [sp]\n"
        "add x1, sp, #8\n"
        "add x2, x1, x0, lsl #3\n"
        "add x2, x2, #8\n"
        "bl main\n"
        "brk #1\n");

#else

// On any other machine: by its C library.
#include <errno.h>
#include <unistd.h>

static long request(long number, long a, long b, long c, long d, long e) {
    const long result = syscall(number, a, b, c, d, e);
    return result < 0 ? -errno : result;
}

#endif

// The kernel's form with 64 bits. On machines of 32 bits not every C library has it, and calls that take it have
// numbers of their own.
struct time {
    int64_t seconds;
    int64_t nanoseconds;
};

#ifndef SYS_clock_gettime64
#define SYS_clock_gettime64 SYS_clock_gettime
#define SYS_ppoll_time64 SYS_ppoll
#endif

enum {
    // From headers that come with a C library only.
    kWorkingDirectory = -100,
    kNoPath = 0x1000,
    kCloseOnExec = 02000000,
    kMonotonic = 1,
};

static void setName(const char* name) {
    request(SYS_prctl, PR_SET_NAME, (long)name, 0, 0, 0);
}

static struct time now(void) {
    struct time time = {0, 0};
    request(SYS_clock_gettime64, kMonotonic, (long)&time, 0, 0, 0);
    return time;
}

// Without a limit where `limit` is null.
static long poll(struct pollfd* polled, int count, struct time* limit) {
    return request(SYS_ppoll_time64, (long)polled, count, (long)limit, 0, 0);
}

// Readable while one of the signals is pending: bit N - 1 for signal N. The descriptor is close-on-exec.
static long openSignals(uint64_t signals) {
    return request(SYS_signalfd4, -1, (long)&signals, sizeof signals, kCloseOnExec, 0);
}

static void closeDescriptor(long fd) {
    request(SYS_close, fd, 0, 0, 0, 0);
}

static long lookAtDescriptor(long fd, struct statx* found) {
    return request(SYS_statx, fd, (long)"", kNoPath, STATX_INO, (long)found);
}

static long lookAtPath(const char* path, struct statx* found) {
    return request(SYS_statx, kWorkingDirectory, (long)path, 0, STATX_INO, (long)found);
}

// Lets this process open as many files as it could allow itself: under a limit that somebody has lowered from outside,
// node would not find its libraries.
static void raiseDescriptorLimit(void) {
    struct rlimit64 limit;
    if (request(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit, 0) != 0)
        return;
    // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): the kernel has filled it
    limit.rlim_cur = limit.rlim_max;
    request(SYS_prlimit64, 0, RLIMIT_NOFILE, (long)&limit, 0, 0);
}

// These two return only where they are refused.

static void executePath(const char* path, char* const* arguments, char* const* environment) {
    request(SYS_execve, (long)path, (long)arguments, (long)environment, 0, 0);
}

static void executeDescriptor(long fd, char* const* arguments, char* const* environment) {
    request(SYS_execveat, fd, (long)"", (long)arguments, (long)environment, kNoPath);
}

#endif
