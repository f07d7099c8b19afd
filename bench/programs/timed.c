/*
 * timed run PROGRAM [ARGUMENT...] - prints the nanoseconds from before its exec to its end, and its exit code.
 * timed end PID SIGNAL            - sends the signal and prints the nanoseconds until the process has ended.
 */
#include "stamp.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int run(char** command) {
    long long begun = now();
    pid_t pid = vfork();
    if (pid == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return 1;
    printf("%lld %d\n", now() - begun, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
    return 0;
}

static int end(pid_t pid, int signal) {
    struct pollfd process = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    if (process.fd < 0)
        return 1;
    long long begun = now();
    if (kill(pid, signal) != 0 || poll(&process, 1, 60000) != 1)
        return 1;
    printf("%lld 0\n", now() - begun);
    return 0;
}

int main(int argc, char** argv) {
    if (argc > 2 && strcmp(argv[1], "run") == 0)
        return run(argv + 2);
    if (argc == 4 && strcmp(argv[1], "end") == 0)
        return end((pid_t)atoi(argv[2]), atoi(argv[3]));
    return 64;
}
