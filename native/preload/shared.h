// Small things that the files of the preloaded library share.

#ifndef SUPERDAEMON_PRELOAD_SHARED_H
#define SUPERDAEMON_PRELOAD_SHARED_H

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

// Older C libraries have it in a library of its own, which the shell of a script in node's place may run without.
extern __typeof__(dlsym) dlsym __attribute__((weak));

enum { kStandardDescriptors = 3 };

// The place of a signal in a set of 64 bits.
static inline uint64_t bit(int signal) {
    return UINT64_C(1) << (signal - 1);
}

// -1 for what is no number.
static inline int numberOf(const char* name) {
    int number = 0;
    for (; *name >= '0' && *name <= '9'; name++)
        number = number * 10 + *name - '0';
    return *name == '\0' ? number : -1;
}

static inline void tell(const char* line) {
    const ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written; // when even this fails nobody is left to hear of it
}

#endif
