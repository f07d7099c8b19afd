#include "terminal.h"

#include <cerrno>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace superdaemon {

Result<Terminal> describeTerminal(int fd) {
    // Asked first: a terminal is what knows its attributes, not what happens to answer the question for its size.
    termios attributes{};
    if (tcgetattr(fd, &attributes) != 0)
        return Failure{errno, "tcgetattr"};
    winsize size{};
    Terminal terminal;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        terminal.columns = size.ws_col;
    // Refused for a terminal that is not the one of our session: nobody there has put us anywhere.
    const pid_t front = tcgetpgrp(fd);
    terminal.isInBackground = front > 0 && front != getpgrp();
    return terminal;
}

} // namespace superdaemon
