#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Appends "WHAT TIME WORD" in one write(2), so that the lines of several processes do not mix. */
static inline void stamp(const char* file, const char* what, long long time, const char* word) {
    char line[128];
    int length = snprintf(line, sizeof line, "%s %lld %s\n", what, time, word);
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || length < 0 || write(fd, line, (size_t)length) != length)
        _exit(111);
    close(fd);
}
