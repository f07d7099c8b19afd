/* launch STAMPS PROGRAM [ARGUMENT...] - stamps the time and becomes the program. */
#include "stamp.h"

int main(int argc, char** argv) {
    if (argc < 3)
        return 64;
    stamp(argv[1], "exec", now(), "-");
    execvp(argv[2], argv + 2);
    return 127;
}
