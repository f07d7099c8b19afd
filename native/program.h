#pragma once

#include <string>
#include <vector>

namespace superdaemon {

// What execve(2) is given, when a child is made and when this process becomes another program.
struct Program {
    std::string file;
    // The program's own name first.
    std::vector<std::string> args;
    std::vector<std::string> env;
};

// Pointers into the texts, and a null pointer at the end. execve(2) is declared with char* but writes to nothing.
std::vector<char*> pointersTo(const std::vector<std::string>& texts);

} // namespace superdaemon
