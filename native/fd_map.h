#pragma once

#include <vector>

namespace superdaemon {

// What is open as `from` in the superdaemon becomes `to` in the child.
struct Mapping {
    int from;
    int to;
};

// The descriptors of a child. Made before the fork; what the child then calls is async-signal-safe.
class DescriptorMap {
  public:
    explicit DescriptorMap(const std::vector<Mapping>& mappings);

    // In the parent, before each fork. Gives EBADF, as dup2(2) would, when a source is not open, or is to be moved
    // above the limit; else 0.
    int check();

    // In the child. Puts every descriptor at its number, however they overlap; all others, 0 to 2 included, are marked
    // to be closed by the exec. Gives 0, or the errno of what was refused. A second child can do it again, although the
    // first one shares the parent's memory.
    int place();

    // Where the superdaemon's own descriptor 2 can be written to after place(); -1 when it could not be kept.
    int report() const { return report_; }

  private:
    bool isTarget(int number) const;
    int duplicateAside(int fd) const;
    void keepReport();
    int setAside();
    int moveIntoPlace() const;
    void sealOthers() const;
    void seal(unsigned first, unsigned last) const;

    std::vector<Mapping> mappings_;
    std::vector<Mapping> moved_; // the child's copy, allocated before the fork
    std::vector<int> targets_;   // sorted
    int report_ = 2;
    // Where the search for open descriptors ends when they have to be tried one by one; -1 with close_range(2).
    int highestByOne_ = -1;
};

} // namespace superdaemon
