#pragma once

namespace superdaemon {

// The entries of environ(7) up to a null pointer. Node's own view of them loses those without '=' and every byte that
// is not UTF-8.
const char* const* environment();

} // namespace superdaemon
