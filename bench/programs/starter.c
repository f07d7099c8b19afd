/*
 * starter [OPTION...] -- PROGRAM [ARGUMENT...] - what no start_server can be faster than: a HUP starts another worker and
 * ends the one before, a death a successor, and TERM ends both. It reads no option, holds no socket and writes no line.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t told[NSIG];

static void note(int signal) {
    told[signal] = 1;
}

static int take(int signal) {
    const int is_told = told[signal];
    told[signal] = 0;
    return is_told;
}

static pid_t started(char** command, const sigset_t* none) {
    const pid_t pid = vfork();
    if (pid != 0)
        return pid;
    sigprocmask(SIG_SETMASK, none, NULL);
    execv(command[0], command);
    _exit(127);
}

/* Whether this worker is among those that have ended. */
static int has_ended(pid_t worker) {
    int found = 0;
    for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
        found = found || pid == worker;
    return found;
}

int main(int argc, char** argv) {
    char** command = argv + 1;
    while (command < argv + argc && strcmp(*command, "--") != 0)
        command++;
    if (command + 1 >= argv + argc)
        return 64;
    command++;
    sigset_t handled, none;
    sigemptyset(&none);
    sigemptyset(&handled);
    const int signals[] = {SIGHUP, SIGCHLD, SIGTERM};
    for (int each = 0; each < 3; each++) {
        signal(signals[each], note);
        sigaddset(&handled, signals[each]);
    }
    sigprocmask(SIG_BLOCK, &handled, NULL);
    pid_t worker = started(command, &none);
    while (!take(SIGTERM)) {
        if (take(SIGHUP)) {
            const pid_t old = worker;
            worker = started(command, &none);
            kill(old, SIGTERM);
        } else if (take(SIGCHLD) && has_ended(worker))
            worker = started(command, &none);
        else
            sigsuspend(&none);
    }
    kill(worker, SIGTERM);
    waitpid(worker, NULL, 0);
    return 0;
}
