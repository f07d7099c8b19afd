#pragma once

#include <string>
#include <utility>

namespace superdaemon {

// A call that the system refused: errno and the stage, for example {EADDRINUSE, "bind"}.
struct Failure {
    int number = 0;
    const char* syscall = nullptr;
};

// Either a value or the failure that is the reason why there is none; C++ exceptions are switched off.
template <typename Value> class Result {
  public:
    Result(Value value) : value_(std::move(value)) {}
    Result(Failure failure) : failure_(failure) {}

    bool ok() const { return failure_.syscall == nullptr; }
    const Value& value() const { return value_; }
    const Failure& failure() const { return failure_; }

  private:
    Value value_{};
    Failure failure_{};
};

// The symbolic name, for example "EADDRINUSE"; for a number without a name "UNKNOWN", which is libuv's word for it.
const char* errorName(int number);

// The system's text, for example "Address already in use".
std::string errorText(int number);

// Shaped like Node's own messages: "EADDRINUSE: Address already in use, bind".
std::string errorMessage(const Failure& failure);

} // namespace superdaemon
