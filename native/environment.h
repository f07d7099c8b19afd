#pragma once

namespace superdaemon {

// The entries of environ(7) up to a null pointer. In process.env, entries without '=' are missing, and bytes that are
// not UTF-8 are replaced.
const char* const* environment();

} // namespace superdaemon
