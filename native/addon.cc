// The Node-API face of the native parts: decodes arguments, registers functions, and nothing else.

#include "engine.h"
#include "environment.h"
#include "errors.h"
#include "fd.h"
#include "listener.h"
#include "notify.h"
#include "spawn.h"
#include "wait.h"

#include <climits>
#include <cmath>
#include <napi.h>
#include <set>
#include <unistd.h>

namespace superdaemon {
namespace {

// What a message calls a value: a word, or an element of what has a name. It is put together only where a message is
// needed: for a thousand descriptors to pass on, that is a tenth of the spawn.
class Name {
  public:
    Name(const char* word) : word_(word) {} // NOLINT(google-explicit-constructor): a word is a name
    Name(const Name& list, uint32_t index) : list_(&list), index_(index) {}

    std::string text() const {
        return list_ == nullptr ? std::string(word_) : list_->text() + "[" + std::to_string(index_) + "]";
    }

  private:
    const char* word_ = nullptr;
    const Name* list_ = nullptr;
    uint32_t index_ = 0;
};

// Turns JavaScript values into C++ ones. The first value that does not fit throws a TypeError that names it; from then
// on every call gives an empty value, so that a request is decoded in one go and judged once, by ok().
class Decoder {
  public:
    explicit Decoder(Napi::Env env) : env_(env) {}

    bool ok() const { return ok_; }

    void refuse(const Name& name, const std::string& wanted) {
        if (ok_)
            Napi::TypeError::New(env_, "'" + name.text() + "' must be " + wanted).ThrowAsJavaScriptException();
        ok_ = false;
    }

    Napi::Object object(Napi::Value value, const Name& name) {
        if (ok_ && value.IsObject())
            return value.As<Napi::Object>();
        refuse(name, "an object");
        return {};
    }

    Napi::Value member(Napi::Object object, const char* name) {
        return ok_ ? unlessThrown(object.Get(name)) : Napi::Value();
    }

    // Text is a byte string. Read as UTF-16, because a conversion to latin1 would fold other characters into bytes.
    std::string text(Napi::Value value, const Name& name) {
        std::string bytes;
        if (!ok_ || !value.IsString()) {
            refuse(name, "a string");
            return bytes;
        }
        for (char16_t character : value.As<Napi::String>().Utf16Value()) {
            if (character == 0 || character > UCHAR_MAX)
                refuse(name, "a byte string: characters from 1 to 255 only");
            bytes.push_back(static_cast<char>(character));
        }
        return bytes;
    }

    // The index of the word.
    int word(Napi::Value value, const Name& name, std::initializer_list<const char*> words) {
        const std::string given = text(value, name);
        std::string wanted;
        int index = 0;
        for (const char* one : words) {
            if (given == one)
                return index;
            wanted += (index++ == 0 ? "'" : " or '") + std::string(one) + "'";
        }
        refuse(name, wanted);
        return 0;
    }

    int64_t integer(Napi::Value value, const Name& name, int64_t lowest, int64_t highest) {
        const double number = ok_ && value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
        const bool inRange = number >= static_cast<double>(lowest) && number <= static_cast<double>(highest);
        if (inRange && number == std::trunc(number))
            return static_cast<int64_t>(number);
        refuse(name, "an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
        return lowest;
    }

    int descriptor(Napi::Value value, const Name& name) { return static_cast<int>(integer(value, name, 0, INT_MAX)); }

    bool flag(Napi::Value value, const Name& name) {
        if (ok_ && value.IsBoolean())
            return value.As<Napi::Boolean>().Value();
        refuse(name, "a boolean");
        return false;
    }

    // Calls `decode(element, its name)` for each element.
    template <typename Decode> auto list(Napi::Value value, const Name& name, Decode decode) {
        std::vector<decltype(decode(value, name))> elements;
        if (!ok_ || !value.IsArray()) {
            refuse(name, "an array");
            return elements;
        }
        const Napi::Array array = value.As<Napi::Array>();
        const uint32_t length = array.Length();
        for (uint32_t index = 0; ok_ && index < length; index++)
            elements.push_back(decode(unlessThrown(array.Get(index)), Name(name, index)));
        return elements;
    }

    std::vector<std::string> texts(Napi::Value value, const Name& name) {
        return list(value, name, [this](Napi::Value each, const Name& its) { return text(each, its); });
    }

    std::vector<int> signals(Napi::Value value, const Name& name) {
        return list(value, name, [this](Napi::Value each, const Name& its) {
            return static_cast<int>(integer(each, its, 1, kLastSignal));
        });
    }

  private:
    // A getter of the caller's may have thrown; its error is then the one to be seen.
    Napi::Value unlessThrown(Napi::Value value) {
        ok_ = ok_ && !env_.IsExceptionPending();
        return value;
    }

    Napi::Env env_;
    bool ok_ = true;
};

ListenerRequest listenerRequest(Decoder& decoder, Napi::Value value) {
    const Napi::Object from = decoder.object(value, "request");
    const auto member = [&](const char* name) { return decoder.member(from, name); };
    ListenerRequest request;
    constexpr Family families[] = {Family::inet, Family::inet6, Family::local};
    request.family = families[decoder.word(member("family"), "family", {"inet", "inet6", "unix"})];
    request.stream = decoder.word(member("type"), "type", {"stream", "datagram"}) == 0;
    request.address = decoder.text(member("address"), "address");
    request.port = static_cast<uint16_t>(decoder.integer(member("port"), "port", 0, UINT16_MAX));
    request.backlog = static_cast<int>(decoder.integer(member("backlog"), "backlog", INT_MIN, INT_MAX));
    if (const Napi::Value mode = member("mode"); !mode.IsUndefined())
        request.mode = static_cast<int>(decoder.integer(mode, "mode", 0, 0777));
    return request;
}

std::vector<Mapping> mappings(Decoder& decoder, Napi::Value value) {
    std::set<int> targets;
    return decoder.list(value, "fds", [&](Napi::Value each, const Name& name) {
        const auto descriptor = [&](Napi::Value number, const Name& its) { return decoder.descriptor(number, its); };
        std::vector<int> pair = decoder.list(each, name, descriptor);
        if (pair.size() != 2)
            decoder.refuse(name, "a pair of descriptors");
        pair.resize(2);
        if (!targets.insert(pair[1]).second)
            decoder.refuse(name, "the only one with its target");
        return Mapping{pair[0], pair[1]};
    });
}

SpawnRequest spawnRequest(Decoder& decoder, Napi::Value value) {
    constexpr int64_t kMaxSafeInteger = 9007199254740991;
    const Napi::Object from = decoder.object(value, "request");
    const auto member = [&](const char* name) { return decoder.member(from, name); };
    SpawnRequest request;
    request.file = decoder.text(member("file"), "file");
    request.args = decoder.texts(member("args"), "args");
    if (request.args.empty())
        decoder.refuse("args", "an array that begins with the program's own name");
    request.env = decoder.texts(member("env"), "env");
    request.fds = mappings(decoder, member("fds"));
    if (const Napi::Value cwd = member("cwd"); !cwd.IsUndefined())
        request.cwd = decoder.text(cwd, "cwd");
    if (const Napi::Value ignored = member("ignoredSignals"); !ignored.IsUndefined())
        request.ignoredSignals = decoder.signals(ignored, "ignoredSignals");
    if (const Napi::Value blocked = member("blockedSignals"); !blocked.IsUndefined())
        request.blockedSignals = decoder.signals(blocked, "blockedSignals");
    if (const Napi::Value soft = member("softNofile"); !soft.IsUndefined())
        request.softNofile = static_cast<uint64_t>(decoder.integer(soft, "softNofile", 0, kMaxSafeInteger));
    if (const Napi::Value session = member("newSession"); !session.IsUndefined())
        request.newSession = decoder.flag(session, "newSession");
    if (const Napi::Value group = member("newGroup"); !group.IsUndefined())
        request.newGroup = decoder.flag(group, "newGroup");
    if (const Napi::Value daemon = member("daemon"); !daemon.IsUndefined())
        request.daemon = decoder.flag(daemon, "daemon");
    return request;
}

// Gives no value but throws, with the properties of Node's own system errors.
Napi::Value refusal(Napi::Env env, const Failure& failure) {
    const Napi::Error error = Napi::Error::New(env, errorMessage(failure));
    error.Value().Set("code", errorName(failure.number));
    error.Value().Set("errno", -failure.number);
    error.Value().Set("syscall", failure.syscall);
    error.ThrowAsJavaScriptException();
    return {};
}

template <typename Value> Napi::Value answer(Napi::Env env, const Result<Value>& result) {
    return result.ok() ? Napi::Value::From(env, result.value()) : refusal(env, result.failure());
}

Napi::Value OpenListener(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const ListenerRequest request = listenerRequest(decoder, info[0]);
    return decoder.ok() ? answer(info.Env(), openListener(request)) : Napi::Value();
}

Napi::Value LocalPort(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), localPort(fd)) : Napi::Value();
}

Napi::Value IsAccepting(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string path = decoder.text(info[0], "path");
    return decoder.ok() ? answer(info.Env(), isAccepting(path)) : Napi::Value();
}

Napi::Value ConnectTo(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string path = decoder.text(info[0], "path");
    return decoder.ok() ? answer(info.Env(), connectTo(path)) : Napi::Value();
}

Napi::Value PeerUid(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), peerUid(fd)) : Napi::Value();
}

Napi::Value OpenNotifySocket(const Napi::CallbackInfo& info) {
    const Result<NotifySocket> opened = openNotifySocket();
    if (!opened.ok())
        return refusal(info.Env(), opened.failure());
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("fd", opened.value().fd);
    result.Set("name", opened.value().name);
    return result;
}

Napi::Value ReceiveNotification(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    if (!decoder.ok())
        return {};
    const Result<Notification> received = receiveNotification(fd);
    if (!received.ok())
        return refusal(info.Env(), received.failure());
    if (received.value().sender == 0)
        return info.Env().Undefined();
    const std::string& text = received.value().text;
    napi_value bytes = nullptr;
    napi_create_string_latin1(info.Env(), text.data(), text.size(), &bytes);
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("sender", received.value().sender);
    result.Set("text", bytes);
    return result;
}

Napi::Value SignalInput(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), signalInput(fd)) : Napi::Value();
}

Napi::Value Spawn(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const SpawnRequest request = spawnRequest(decoder, info[0]);
    return decoder.ok() ? answer(info.Env(), spawn(request)) : Napi::Value();
}

// A child that has ended, if any, as either of the two functions for it finds it.
Napi::Value endedChild(const Napi::CallbackInfo& info, Result<Ended> (*find)(pid_t)) {
    Decoder decoder(info.Env());
    const auto pid = static_cast<pid_t>(decoder.integer(info[0], "pid", -1, INT_MAX));
    if (pid == 0)
        decoder.refuse("pid", "-1 or the pid of a child");
    if (!decoder.ok())
        return {};
    const Result<Ended> ended = find(pid);
    if (!ended.ok())
        return refusal(info.Env(), ended.failure());
    if (ended.value().pid == 0)
        return info.Env().Undefined();
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("pid", ended.value().pid);
    result.Set("status", ended.value().status);
    return result;
}

Napi::Value Waitpid(const Napi::CallbackInfo& info) {
    return endedChild(info, waitForEnded);
}

Napi::Value FindEnded(const Napi::CallbackInfo& info) {
    return endedChild(info, findEnded);
}

Napi::Value Environ(const Napi::CallbackInfo& info) {
    const Napi::Array entries = Napi::Array::New(info.Env());
    uint32_t count = 0;
    for (const char* const* entry = environment(); *entry != nullptr; entry++) {
        napi_value text = nullptr;
        napi_create_string_latin1(info.Env(), *entry, NAPI_AUTO_LENGTH, &text);
        entries.Set(count++, text);
    }
    return entries;
}

Napi::Value TryLock(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), tryLock(fd)) : Napi::Value();
}

Napi::Value SendNow(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    const std::string text = decoder.text(info[1], "text");
    return decoder.ok() ? answer(info.Env(), sendNow(fd, text)) : Napi::Value();
}

Napi::Value MakeBlocking(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), makeBlocking(fd)) : Napi::Value();
}

Napi::Value Pipe(const Napi::CallbackInfo& info) {
    const Result<PipeEnds> ends = makePipe();
    if (!ends.ok())
        return refusal(info.Env(), ends.failure());
    Napi::Array pair = Napi::Array::New(info.Env(), 2);
    pair.Set(0U, ends.value().reading);
    pair.Set(1U, ends.value().writing);
    return pair;
}

Napi::Value Dup2(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int from = decoder.descriptor(info[0], "from");
    const int to = decoder.descriptor(info[1], "to");
    return decoder.ok() ? answer(info.Env(), duplicate(from, to)) : Napi::Value();
}

Napi::Value Strerror(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int64_t number = decoder.integer(info[0], "errno", -INT_MAX, INT_MAX);
    return decoder.ok() ? Napi::String::New(info.Env(), errorText(static_cast<int>(std::abs(number)))) : Napi::Value();
}

Napi::Value SetEngineFlags(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string flags = decoder.text(info[0], "flags");
    return decoder.ok() ? Napi::Boolean::New(info.Env(), setEngineFlags(flags)) : Napi::Value();
}

void Exit(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const auto code = static_cast<int>(decoder.integer(info[0], "code", 0, UCHAR_MAX));
    if (decoder.ok())
        _exit(code);
}

Napi::Object Register(Napi::Env env, Napi::Object exports) {
    exports.Set("openListener", Napi::Function::New<OpenListener>(env, "openListener"));
    exports.Set("localPort", Napi::Function::New<LocalPort>(env, "localPort"));
    exports.Set("isAccepting", Napi::Function::New<IsAccepting>(env, "isAccepting"));
    exports.Set("connectTo", Napi::Function::New<ConnectTo>(env, "connectTo"));
    exports.Set("peerUid", Napi::Function::New<PeerUid>(env, "peerUid"));
    exports.Set("openNotifySocket", Napi::Function::New<OpenNotifySocket>(env, "openNotifySocket"));
    exports.Set("receiveNotification", Napi::Function::New<ReceiveNotification>(env, "receiveNotification"));
    exports.Set("signalInput", Napi::Function::New<SignalInput>(env, "signalInput"));
    exports.Set("spawn", Napi::Function::New<Spawn>(env, "spawn"));
    exports.Set("waitpid", Napi::Function::New<Waitpid>(env, "waitpid"));
    exports.Set("findEnded", Napi::Function::New<FindEnded>(env, "findEnded"));
    exports.Set("environ", Napi::Function::New<Environ>(env, "environ"));
    exports.Set("tryLock", Napi::Function::New<TryLock>(env, "tryLock"));
    exports.Set("sendNow", Napi::Function::New<SendNow>(env, "sendNow"));
    exports.Set("makeBlocking", Napi::Function::New<MakeBlocking>(env, "makeBlocking"));
    exports.Set("pipe", Napi::Function::New<Pipe>(env, "pipe"));
    exports.Set("dup2", Napi::Function::New<Dup2>(env, "dup2"));
    exports.Set("strerror", Napi::Function::New<Strerror>(env, "strerror"));
    exports.Set("setEngineFlags", Napi::Function::New<SetEngineFlags>(env, "setEngineFlags"));
    exports.Set("exit", Napi::Function::New<Exit>(env, "exit"));
    return exports;
}

} // namespace

NODE_API_MODULE(superdaemon, Register)

} // namespace superdaemon
