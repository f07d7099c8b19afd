#pragma once

#include "fd_map.h"
#include "program.h"

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace superdaemon {

// The soft limit that is wanted for a resource of setrlimit(2).
struct SoftLimit {
    int resource;
    uint64_t soft;
};

// What the caller asks for; the same fields as SpawnRequest in src/system/engine/addon.ts.
struct SpawnRequest {
    Program program;
    std::optional<std::string> cwd;
    std::vector<Mapping> fds;
    std::vector<int> ignoredSignals;
    std::vector<int> blockedSignals;
    std::vector<SoftLimit> softLimits;
    bool newSession = false;
    // Makes the child the leader of a process group of its own.
    bool newGroup = false;
    // Has the system kill the child when the thread that has forked it ends; Linux only.
    bool endsWithParent = false;
    bool daemon = false;
    // Lets the child run before its parent goes on, where both are left on one processor.
    bool goesFirst = false;
    // The variable of `env` whose value is to be the child's own pid, which nobody knows before the fork.
    std::optional<std::string> pidVariable;
};

// What a child sets a resource to.
struct Limit {
    int resource;
    rlimit value;
};

// The child's life between fork and exec, laid out in memory before the fork: afterwards another thread's lock on the
// heap may be held for ever, so the child allocates nothing and asks nobody. Refers to the request's own strings.
class SpawnPlan {
  public:
    explicit SpawnPlan(const SpawnRequest& request);
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    // In the parent, before each fork: looks at what may have changed since the plan was laid out. Gives an errno where
    // its descriptors cannot be given.
    int check();

    // Everything below is safe between fork and exec.

    // Sets the disposition of every signal: ignored or default, so that no handler of the superdaemon's can swallow
    // one.
    void setDispositions() const;

    // Writes the pid into the environment, where that has a place for it. A second child of the plan writes its own
    // over it.
    void writePid(pid_t pid);

    // The text for one write(2), put together in memory that was set aside: PREFIX SUBJECT:REASON and a newline.
    std::string_view failureLine(const char* prefix, const char* subject, int reason);

    DescriptorMap descriptors;
    bool newSession;
    bool newGroup;
    bool endsWithParent;
    pid_t parent;
    bool daemon;
    bool goesFirst;
    const char* file;
    const char* cwd; // null: stays where it is
    std::vector<Limit> limits;
    sigset_t mask;
    // The files to try, in order.
    std::vector<const char*> candidates;
    std::vector<char*> argv;
    std::vector<char*> envp;
    // `/bin/sh FILE args...`, the file still to be put at [1]: for scripts without an interpreter line.
    std::vector<char*> shellArgv;

  private:
    const std::vector<SoftLimit>& softLimits_; // a copy would make the addon need GLIBCXX_3.4.29
    std::vector<std::string> searched_;
    std::vector<char> line_;
    std::string pidEntry_; // NAME= and room for a pid; empty where none is wanted
    size_t pidAt_ = 0;
    sigset_t ignored_;
};

} // namespace superdaemon
