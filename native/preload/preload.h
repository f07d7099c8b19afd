// What the preloaded library tells the addon of the same process; see preload.c.

#ifndef SUPERDAEMON_PRELOAD_H
#define SUPERDAEMON_PRELOAD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// As the process was started, before node has changed anything. A set has bit N - 1 for signal N.
struct superdaemon_launch {
    uint64_t blocked;
    uint64_t ignored;
    // Descriptors above the standard ones that an exec leaves open, in ascending order. Not known without /proc.
    const int* inherited;
    uint32_t inheritedCount;
    // Bit N for the standard descriptor N.
    uint32_t closed;
};

// A process that was started without the library has no such function: it is to be referred to weakly, or looked up by
// name. Gives null in a process that is not node.
const struct superdaemon_launch* superdaemon_launched(void);

// From this call on, requests to mask and handle signals are carried out again.
void superdaemon_release(void);

#ifdef __cplusplus
}
#endif

#endif
