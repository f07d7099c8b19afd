#define _GNU_SOURCE
#include "quick_boot.h"
#include "shared.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// Functions of V8 that node exports to addons, by the names that a C++ compiler gives them. The last takes a length.
typedef const char* GetVersion(void);
typedef void* TryGetCurrent(void);
typedef void SetFlagsFromString(const char*, size_t);

// V8 complains of a flag that it does not know. It was tried with that of Node 20 to that of Node 26.
enum { kOldestTried = 11, kNewestTried = 14 };

static int isTriedVersion(void) {
    GetVersion* const version = (GetVersion*)dlsym(RTLD_DEFAULT, "_ZN2v82V810GetVersionEv");
    const int major = version == NULL ? 0 : atoi(version());
    return major >= kOldestTried && major <= kNewestTried;
}

// Whether this thread can run JavaScript.
static int stands(void) {
    TryGetCurrent* const current = (TryGetCurrent*)dlsym(RTLD_DEFAULT, "_ZN2v87Isolate13TryGetCurrentEv");
    return current != NULL && current() != NULL;
}

static void setFlag(const char* flag) {
    SetFlagsFromString* const set = (SetFlagsFromString*)dlsym(RTLD_DEFAULT, "_ZN2v82V818SetFlagsFromStringEPKcm");
    if (set != NULL)
        set(flag, strlen(flag));
}

void quickenBoot(void) {
    static enum { kUsual, kQuick, kOver } stage;
    const int isReady = stands();
    if (stage == kUsual && !isReady && isTriedVersion()) {
        setFlag("--no-rehash-snapshot");
        stage = kQuick;
    } else if (stage == kQuick && isReady) {
        setFlag("--rehash-snapshot");
        stage = kOver;
    }
}
