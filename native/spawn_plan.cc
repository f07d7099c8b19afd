#include "spawn_plan.h"

#include "errors.h"
#include "signals.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <unistd.h>

namespace superdaemon {
namespace {

// execvp(3)'s own search path where the environment has none (glibc).
constexpr std::string_view kDefaultPath = "/bin:/usr/bin";
constexpr const char* kShell = "/bin/sh";

// strerror(3) may allocate and translate, so the child reads its texts from here.
class ReasonTable {
  public:
    ReasonTable() {
        for (int number = 0; number < kSize; number++)
            texts_.push_back(errorText(number));
    }
    const char* of(int number) const {
        return number >= 0 && number < kSize ? texts_[static_cast<size_t>(number)].c_str() : "Unknown error";
    }
    size_t longest() const {
        size_t length = 0;
        for (const std::string& text : texts_)
            length = std::max(length, text.size());
        return length;
    }

  private:
    static constexpr int kSize = 256;
    std::vector<std::string> texts_;
};

const ReasonTable& reasons() {
    static const ReasonTable table;
    return table;
}

std::vector<char*> shellArguments(const std::vector<char*>& argv) {
    std::vector<char*> arguments{const_cast<char*>(kShell), nullptr};
    arguments.insert(arguments.end(), argv.begin() + 1, argv.end());
    return arguments;
}

std::string_view searchPath(const std::vector<std::string>& env) {
    constexpr std::string_view name = "PATH=";
    for (const std::string& entry : env) {
        if (entry.compare(0, name.size(), name) == 0)
            return std::string_view(entry).substr(name.size());
    }
    return kDefaultPath;
}

// As execvp(3): an empty element is the current directory, and an empty PATH is one; elements that are too long for a
// path are left out.
std::vector<std::string> filesAlong(std::string_view path, const std::string& file) {
    std::vector<std::string> files;
    for (;;) {
        const size_t end = std::min(path.find(':'), path.size());
        const std::string_view element = path.substr(0, end);
        if (element.size() < PATH_MAX)
            files.push_back(element.empty() ? file : std::string(element) + "/" + file);
        if (end == path.size())
            return files;
        path.remove_prefix(end + 1);
    }
}

// Room for the digits of the largest pid_t, and a NUL.
constexpr size_t kPidSize = 12;

// Puts another entry in place of the one in `env` with this name; the decoder has made sure that there is one.
void replaceEntry(std::vector<char*>& envp, const std::string& beginning, char* entry) {
    for (char*& each : envp) {
        if (each != nullptr && strncmp(each, beginning.data(), beginning.size()) == 0)
            each = entry;
    }
}

sigset_t setOf(const std::vector<int>& signals) {
    sigset_t set;
    sigemptyset(&set);
    for (int signal : signals)
        sigaddset(&set, signal);
    return set;
}

// setrlimit(2) refuses a soft limit above the hard one, which the caller cannot know.
std::vector<Limit> withinHardLimits(const std::vector<SoftLimit>& wanted) {
    std::vector<Limit> limits;
    for (const SoftLimit& each : wanted) {
        Limit limit{each.resource, {}};
        if (getrlimit(each.resource, &limit.value) != 0)
            continue;
        limit.value.rlim_cur = static_cast<rlim_t>(std::min<uint64_t>(each.soft, limit.value.rlim_max));
        limits.push_back(limit);
    }
    return limits;
}

} // namespace

SpawnPlan::SpawnPlan(const SpawnRequest& request)
    : descriptors(request.fds), newSession(request.newSession), newGroup(request.newGroup),
      endsWithParent(request.endsWithParent), parent(getpid()), daemon(request.daemon), goesFirst(request.goesFirst),
      file(request.program.file.c_str()), cwd(request.cwd ? request.cwd->c_str() : nullptr),
      mask(setOf(request.blockedSignals)), argv(pointersTo(request.program.args)),
      envp(pointersTo(request.program.env)), shellArgv(shellArguments(argv)), softLimits_(request.softLimits),
      ignored_(setOf(request.ignoredSignals)) {
    if (request.program.file.find('/') != std::string::npos)
        candidates.push_back(file);
    else if (!request.program.file.empty())
        searched_ = filesAlong(searchPath(request.program.env), request.program.file);
    for (const std::string& path : searched_)
        candidates.push_back(path.c_str());
    if (request.pidVariable) {
        const std::string beginning = *request.pidVariable + "=";
        pidEntry_ = beginning + std::string(kPidSize, '\0');
        pidAt_ = beginning.size();
        replaceEntry(envp, beginning, pidEntry_.data());
    }
    constexpr size_t prefixAndPunctuation = 64;
    line_.resize(prefixAndPunctuation + std::max(request.program.file.size(), request.cwd ? request.cwd->size() : 0) +
                 reasons().longest());
}

int SpawnPlan::check() {
    limits = withinHardLimits(softLimits_);
    return descriptors.check();
}

void SpawnPlan::setDispositions() const {
    struct sigaction action {};
    for (int signal = 1; signal <= kLastSignal; signal++) {
        action.sa_handler = sigismember(&ignored_, signal) == 1 ? SIG_IGN : SIG_DFL;
        // KILL, STOP and the two that glibc keeps for itself are refused, and have no handler to lose.
        sigaction(signal, &action, nullptr);
    }
}

void SpawnPlan::writePid(pid_t pid) {
    if (pidEntry_.empty())
        return;
    char digits[kPidSize];
    size_t first = kPidSize;
    for (pid_t rest = pid; rest > 0; rest /= 10)
        digits[--first] = static_cast<char>('0' + rest % 10);
    memcpy(pidEntry_.data() + pidAt_, digits + first, kPidSize - first);
    pidEntry_[pidAt_ + kPidSize - first] = '\0';
}

std::string_view SpawnPlan::failureLine(const char* prefix, const char* subject, int reason) {
    size_t length = 0;
    for (const char* part : {prefix, subject, ":", reasons().of(reason), "\n"}) {
        const size_t size = std::min(strlen(part), line_.size() - length);
        memcpy(line_.data() + length, part, size);
        length += size;
    }
    return {line_.data(), length};
}

} // namespace superdaemon
