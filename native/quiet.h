#pragma once

#include "errors.h"

#include <cstdint>

// Declared as in uv.h, so that no header of ours has to include that.
struct uv_loop_s;

namespace superdaemon {

// Gives memory back: garbage, what malloc keeps, and what is mapped from files and was never changed, such as the text
// of node: what is used again of that comes from the page cache, which other processes share. Done by the loop in so
// many milliseconds, unless that is asked for anew before: JavaScript that ran afterwards would take half of it again.
// What comes back of the text by itself is given back some seconds later.
Result<bool> giveBackMemory(uv_loop_s* loop, uint64_t milliseconds);

} // namespace superdaemon
