#pragma once

#include <string>
#include <vector>

namespace superdaemon {

// What execve(2) is given, by those who make a child or become another program.
struct Program {
    std::string file;
    // The program's own name first.
    std::vector<std::string> args;
    std::vector<std::string> env;
};

// With a null pointer at the end; they point into the texts. execve(2) is declared with char* but writes to nothing.
std::vector<char*> pointersTo(const std::vector<std::string>& texts);

} // namespace superdaemon
