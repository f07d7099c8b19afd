// The sleeper: what a superdaemon is while there is nothing to do. node has become it by an exec, which left it
// everything that has to stay open, and all signals blocked. As soon as anything happens it becomes node again: at a
// signal, a client, a message from a worker, a change of the envdir, a deadline. It reads none of that, so that it is
// all there for node; it allocates nothing, and decides nothing. See docs/architecture.md, "The sleeper".
//
// Its arguments (the script is the first) and its environment are those of the node that is to wake. What the sleeper
// has to know stands in the environment, too, and is put there by src/system/engine/sleeper.ts:
//
//   SUPERDAEMON_SLEEP=UNTIL:SIGNALS:FD,FD,...   the deadline in nanoseconds of CLOCK_MONOTONIC, 0 for none; the signals
//                                               that wake, bit N - 1 for signal N; descriptors that wake when readable
//   SUPERDAEMON_HELD_NAME=FD:PATH               a file that the last node was started from, kept open, and its path;
//                                               NAME is NODE, SCRIPT or another
//   SUPERDAEMON_LINK=PATH                       another path of the script, that of the open file in /proc
//   SUPERDAEMON_LAST_NAME=VALUE                 NAME=VALUE for a node that is started from the open files
//
// If a held file is not at its path any more, something else was installed, or nothing is there at all. Nobody has
// tried what is there now, and it might end the run. So node is started from the files that were kept open, and decides
// what to do next.

#include "kernel.h"

// What follows `beginning` in the text; null where the text does not begin so.
static const char* behind(const char* beginning, const char* text) {
    for (; *beginning != '\0'; beginning++, text++) {
        if (*text != *beginning)
            return 0;
    }
    return text;
}

// The value of the variable; empty where there is none.
static const char* valueOf(char** environment, const char* name) {
    for (; *environment != 0; environment++) {
        const char* value = behind(name, *environment);
        if (value != 0)
            return value;
    }
    return "";
}

// Reads the next number, and moves `text` past it and past the character that follows.
static uint64_t number(const char** text) {
    uint64_t value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++)
        value = value * 10 + (uint64_t)(**text - '0');
    if (**text != '\0')
        (*text)++;
    return value;
}

static int numbersIn(const char* text) {
    int count = 1;
    for (; *text != '\0'; text++)
        count += *text == ',';
    return count;
}

static int countOf(char** entries) {
    int count = 0;
    while (entries[count] != 0)
        count++;
    return count;
}

static int isAt(const char* path, long fd) {
    struct statx open;
    struct statx found;
    if (lookAtDescriptor(fd, &open) != 0 || lookAtPath(path, &found) != 0)
        return 0;
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the kernel has filled both
    return open.stx_ino == found.stx_ino && open.stx_dev_major == found.stx_dev_major &&
           open.stx_dev_minor == found.stx_dev_minor;
}

static int isAllInPlace(char** environment) {
    for (; *environment != 0; environment++) {
        const char* held = behind("SUPERDAEMON_HELD_", *environment);
        if (held == 0)
            continue;
        while (*held != '\0' && *held++ != '=')
            ;
        const long fd = (long)number(&held);
        if (!isAt(held, fd))
            return 0;
    }
    return 1;
}

// Waits until something is readable, or the clock shows so many nanoseconds.
static long pollUntil(uint64_t until, struct pollfd* polled, int count) {
    const uint64_t second = 1000000000;
    for (;;) {
        const struct time clock = now();
        const uint64_t passed = (uint64_t)clock.seconds * second + (uint64_t)clock.nanoseconds;
        const uint64_t left = until > passed ? until - passed : 0;
        struct time limit = {(int64_t)(left / second), (int64_t)(left % second)};
        const long ready = poll(polled, count, until == 0 ? 0 : &limit);
        // A stop and a continuation interrupt it; all signals that could be handled are blocked.
        if (ready != -EINTR)
            return ready;
    }
}

static void pause(void) {
    struct time second = {1, 0};
    poll(0, 0, &second);
}

static void sleepUntilNeeded(const char* plan) {
    if (*plan == '\0')
        return;
    const uint64_t until = number(&plan);
    const long signals = openSignals(number(&plan));
    struct pollfd polled[numbersIn(plan) + 1];
    int count = 0;
    polled[count++] = (struct pollfd){(int)signals, POLLIN, 0};
    while (*plan != '\0')
        polled[count++] = (struct pollfd){(int)number(&plan), POLLIN, 0};
    // Where the system refuses to wait, node is woken; the pause keeps one after another from starting without a break.
    if (signals < 0 || pollUntil(until, polled, count) < 0)
        pause();
    closeDescriptor(signals);
}

// These two return only where they are refused.

static void wake(char** arguments, char** environment) {
    const char* node = valueOf(environment, "SUPERDAEMON_HELD_NODE=");
    number(&node);
    executePath(node, arguments, environment);
}

// Starts node and script from the files that were kept open.
static void wakeLast(char** arguments, char** environment) {
    const char* node = valueOf(environment, "SUPERDAEMON_HELD_NODE=");
    const char* held = valueOf(environment, "SUPERDAEMON_HELD_SCRIPT=");
    const char* link = valueOf(environment, "SUPERDAEMON_LINK=");
    // Where there is no /proc any more, node would not find its script, and the run would be over.
    if (!isAt(link, (long)number(&held)))
        return;
    const char* last[countOf(environment) + 1];
    int count = 0;
    for (; *environment != 0; environment++) {
        const char* entry = behind("SUPERDAEMON_LAST_", *environment);
        if (entry != 0)
            last[count++] = entry;
        else if (behind("LD_PRELOAD=", *environment) == 0)
            last[count++] = *environment;
    }
    last[count] = 0;
    char* const script = arguments[1];
    arguments[1] = (char*)link;
    executeDescriptor((long)number(&node), arguments, (char**)last);
    arguments[1] = script;
}

int main(int count, char** arguments, char** environment) {
    setName("start_server");
    if (count < 2)
        return 1; // not called by a node
    for (;;) {
        sleepUntilNeeded(valueOf(environment, "SUPERDAEMON_SLEEP="));
        raiseDescriptorLimit();
        if (isAllInPlace(environment))
            wake(arguments, environment);
        wakeLast(arguments, environment);
        // Refused, perhaps for want of memory. What has woken us is still there: without a pause, this would spin.
        pause();
    }
}
