/*
 * worker STAMPS [linger] - stamps the time of its first instruction, with its generation and pid, and waits.
 *
 * TERM ends it by default, or is ignored by one that lingers; after USR1 it stamps the time and ends with 0.
 */
#include "stamp.h"

#include <signal.h>
#include <stdlib.h>

static const char* stamps;

static void leave(int signal) {
    (void)signal;
    stamp(stamps, "death", now(), "-");
    _exit(0);
}

int main(int argc, char** argv) {
    long long born = now();
    const char* generation = getenv("SERVER_STARTER_GENERATION");
    if (argc < 2)
        return 64;
    stamps = argv[1];
    signal(SIGUSR1, leave);
    if (argc > 2 && strcmp(argv[2], "linger") == 0)
        signal(SIGTERM, SIG_IGN);
    char word[64];
    snprintf(word, sizeof word, "%s,%d", generation != NULL ? generation : "-", (int)getpid());
    stamp(stamps, "worker", born, word);
    for (;;)
        pause();
}
