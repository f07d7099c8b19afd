// The Node-API face of the native parts: decodes arguments, registers functions, and nothing else.

#include "copied_descriptor.h"
#include "decoder.h"
#include "described_socket.h"
#include "engine.h"
#include "environment.h"
#include "errors.h"
#include "exec.h"
#include "fd.h"
#include "listener.h"
#include "memory_file.h"
#include "notify.h"
#include "path_watch.h"
#include "quiet.h"
#include "signals.h"
#include "spawn.h"
#include "spawn_order.h"
#include "terminal.h"
#include "unix_diag.h"
#include "users.h"
#include "wait.h"

#include <algorithm>
#include <set>
#include <unistd.h>

namespace superdaemon {
namespace {

ListenerRequest listenerRequest(Decoder& decoder, Napi::Value value) {
    const Napi::Object from = decoder.object(value, "request");
    const auto member = [&](const char* name) { return decoder.member(from, name); };
    ListenerRequest request;
    constexpr Family families[] = {Family::inet, Family::inet6, Family::local};
    request.family = families[decoder.word(member("family"), "family", {"inet", "inet6", "unix"})];
    request.stream = decoder.word(member("type"), "type", {"stream", "datagram"}) == 0;
    request.address = decoder.text(member("address"), "address");
    request.port = static_cast<uint16_t>(decoder.integer(member("port"), "port", 0, UINT16_MAX));
    if (const Napi::Value backlog = member("backlog"); !backlog.IsUndefined())
        request.backlog = static_cast<int>(decoder.integer(backlog, "backlog", INT_MIN, INT_MAX));
    if (const Napi::Value mode = member("mode"); !mode.IsUndefined())
        request.mode = static_cast<int>(decoder.integer(mode, "mode", 0, 0777));
    if (const Napi::Value owner = member("owner"); !owner.IsUndefined())
        request.owner = static_cast<int64_t>(decoder.integer(owner, "owner", 0, UINT32_MAX));
    if (const Napi::Value group = member("group"); !group.IsUndefined())
        request.group = static_cast<int64_t>(decoder.integer(group, "group", 0, UINT32_MAX));
    return request;
}

std::vector<Mapping> mappings(Decoder& decoder, Napi::Value value) {
    std::set<int> targets;
    return decoder.list(value, "fds", [&](Napi::Value each, const Name& name) {
        std::vector<int> pair = decoder.descriptors(each, name);
        if (pair.size() != 2)
            decoder.refuse(name, "a pair of descriptors");
        pair.resize(2);
        if (!targets.insert(pair[1]).second)
            decoder.refuse(name, "the only one with its target");
        return Mapping{pair[0], pair[1]};
    });
}

std::vector<SoftLimit> softLimits(Decoder& decoder, Napi::Value value) {
    constexpr int64_t kMaxSafeInteger = 9007199254740991;
    const std::pair<const char*, int> resources[] = {
        {"nofile", RLIMIT_NOFILE}, {"as", RLIMIT_AS}, {"data", RLIMIT_DATA}};
    const Napi::Object from = decoder.object(value, "softLimits");
    std::vector<SoftLimit> limits;
    for (const auto& [name, resource] : resources) {
        if (const Napi::Value soft = decoder.member(from, name); !soft.IsUndefined())
            limits.push_back({resource, static_cast<uint64_t>(decoder.integer(soft, name, 0, kMaxSafeInteger))});
    }
    return limits;
}

std::string pidVariable(Decoder& decoder, Napi::Value value, const std::vector<std::string>& env) {
    std::string name = decoder.text(value, "pidVariable");
    const std::string beginning = name + "=";
    const auto isIts = [&](const std::string& entry) { return entry.compare(0, beginning.size(), beginning) == 0; };
    if (std::none_of(env.begin(), env.end(), isIts))
        decoder.refuse("pidVariable", "the name of a variable in 'env'");
    return name;
}

Program program(Decoder& decoder, Napi::Object from) {
    Program program;
    program.file = decoder.text(decoder.member(from, "file"), "file");
    program.args = decoder.texts(decoder.member(from, "args"), "args");
    if (program.args.empty())
        decoder.refuse("args", "an array that begins with the program's own name");
    program.env = decoder.texts(decoder.member(from, "env"), "env");
    return program;
}

SpawnRequest spawnRequest(Decoder& decoder, Napi::Value value) {
    const Napi::Object from = decoder.object(value, "request");
    const auto member = [&](const char* name) { return decoder.member(from, name); };
    SpawnRequest request;
    request.program = program(decoder, from);
    request.fds = mappings(decoder, member("fds"));
    if (const Napi::Value cwd = member("cwd"); !cwd.IsUndefined())
        request.cwd = decoder.text(cwd, "cwd");
    if (const Napi::Value ignored = member("ignoredSignals"); !ignored.IsUndefined())
        request.ignoredSignals = decoder.signals(ignored, "ignoredSignals");
    if (const Napi::Value blocked = member("blockedSignals"); !blocked.IsUndefined())
        request.blockedSignals = decoder.signals(blocked, "blockedSignals");
    if (const Napi::Value limits = member("softLimits"); !limits.IsUndefined())
        request.softLimits = softLimits(decoder, limits);
    if (const Napi::Value session = member("newSession"); !session.IsUndefined())
        request.newSession = decoder.flag(session, "newSession");
    if (const Napi::Value group = member("newGroup"); !group.IsUndefined())
        request.newGroup = decoder.flag(group, "newGroup");
    if (const Napi::Value ends = member("endsWithParent"); !ends.IsUndefined())
        request.endsWithParent = decoder.flag(ends, "endsWithParent");
    if (const Napi::Value daemon = member("daemon"); !daemon.IsUndefined())
        request.daemon = decoder.flag(daemon, "daemon");
    if (const Napi::Value first = member("goesFirst"); !first.IsUndefined())
        request.goesFirst = decoder.flag(first, "goesFirst");
    if (const Napi::Value variable = member("pidVariable"); !variable.IsUndefined())
        request.pidVariable = pidVariable(decoder, variable, request.program.env);
    return request;
}

// Throws an error with the properties of Node's own system errors. The value is empty, and only there to be returned.
Napi::Value refusal(Napi::Env env, const Failure& failure) {
    const Napi::Error error = Napi::Error::New(env, errorMessage(failure));
    error.Value().Set("code", errorName(failure.number));
    error.Value().Set("errno", -failure.number);
    error.Value().Set("syscall", failure.syscall);
    error.ThrowAsJavaScriptException();
    return {};
}

// One character for each byte.
Napi::Value byteString(Napi::Env env, const std::string& bytes) {
    napi_value text = nullptr;
    napi_create_string_latin1(env, bytes.data(), bytes.size(), &text);
    return {env, text};
}

template <typename Value> Napi::Value answer(Napi::Env env, const Result<Value>& result) {
    return result.ok() ? Napi::Value::From(env, result.value()) : refusal(env, result.failure());
}

Napi::Value OpenListener(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const ListenerRequest request = listenerRequest(decoder, info[0]);
    return decoder.ok() ? answer(info.Env(), openListener(request)) : Napi::Value();
}

Napi::Value SetBacklog(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    const int backlog = static_cast<int>(decoder.integer(info[1], "backlog", INT_MIN, INT_MAX));
    return decoder.ok() ? answer(info.Env(), setBacklog(fd, backlog)) : Napi::Value();
}

Napi::Value DescribeTerminal(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    if (!decoder.ok())
        return {};
    const Result<Terminal> found = describeTerminal(fd);
    if (!found.ok())
        return refusal(info.Env(), found.failure());
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("columns", found.value().columns);
    result.Set("isInBackground", found.value().isInBackground);
    return result;
}

Napi::Value UserId(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string name = decoder.text(info[0], "name");
    return decoder.ok() ? answer(info.Env(), userId(name)) : Napi::Value();
}

Napi::Value GroupId(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string name = decoder.text(info[0], "name");
    return decoder.ok() ? answer(info.Env(), groupId(name)) : Napi::Value();
}

Napi::Value LocalPort(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), localPort(fd)) : Napi::Value();
}

Napi::Value DescribeSocket(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    if (!decoder.ok())
        return {};
    const Result<DescribedSocket> found = describeSocket(fd);
    if (!found.ok())
        return refusal(info.Env(), found.failure());
    constexpr const char* families[] = {"inet", "inet6", "unix", "other"};
    constexpr const char* types[] = {"stream", "datagram", "other"};
    const DescribedSocket& described = found.value();
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("family", families[static_cast<size_t>(described.family)]);
    result.Set("type", types[static_cast<size_t>(described.type)]);
    result.Set("address", byteString(info.Env(), described.address));
    result.Set("port", described.port);
    result.Set("isListening", described.isListening);
    result.Set("isOnlyV6", described.isOnlyV6);
    return result;
}

Napi::Value CopyDescriptor(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const auto pid = static_cast<pid_t>(decoder.integer(info[0], "pid", 1, INT_MAX));
    const int fd = decoder.descriptor(info[1], "fd");
    return decoder.ok() ? answer(info.Env(), copyDescriptor(pid, fd)) : Napi::Value();
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

Napi::Value UnixListeners(const Napi::CallbackInfo& info) {
    const Result<std::vector<UnixListener>> found = unixListeners();
    if (!found.ok())
        return refusal(info.Env(), found.failure());
    const Napi::Array listeners = Napi::Array::New(info.Env());
    uint32_t count = 0;
    for (const UnixListener& one : found.value()) {
        Napi::Object listener = Napi::Object::New(info.Env());
        listener.Set("socket", one.socket);
        listener.Set("major", one.major);
        listener.Set("minor", one.minor);
        listener.Set("inode", one.inode);
        listeners.Set(count++, listener);
    }
    return listeners;
}

Napi::Value OpenNotifySocket(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string path = info[0].IsUndefined() ? std::string() : decoder.text(info[0], "path");
    if (!decoder.ok())
        return {};
    const Result<NotifySocket> opened = openNotifySocket(path);
    if (!opened.ok())
        return refusal(info.Env(), opened.failure());
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("fd", opened.value().fd);
    result.Set("name", byteString(info.Env(), opened.value().name));
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
    const Notification& notification = received.value();
    if (!notification.isThere)
        return info.Env().Undefined();
    Napi::Array descriptors = Napi::Array::New(info.Env(), notification.descriptors.size());
    for (uint32_t index = 0; index < notification.descriptors.size(); index++)
        descriptors.Set(index, notification.descriptors[index]);
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("sender", notification.sender);
    result.Set("text", byteString(info.Env(), notification.text));
    result.Set("descriptors", descriptors);
    return result;
}

Napi::Value SendNotification(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string name = decoder.text(info[0], "name");
    const std::string text = decoder.text(info[1], "text");
    const std::vector<int> descriptors = decoder.list(
        info[2], "descriptors", [&](Napi::Value each, const Name& its) { return decoder.descriptor(each, its); });
    return decoder.ok() ? answer(info.Env(), sendNotification(name, text, descriptors)) : Napi::Value();
}

Napi::Value SignalInput(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), signalInput(fd)) : Napi::Value();
}

SignalPlan signalPlan(Decoder& decoder, Napi::Value value) {
    const Napi::Object from = decoder.object(value, "plan");
    const auto signals = [&](const char* name) { return decoder.signals(decoder.member(from, name), name); };
    return {signals("handled"), signals("ignored"), signals("standard"), signals("blocked")};
}

Napi::Array arrayOf(Napi::Env env, const std::vector<int>& numbers) {
    const Napi::Array array = Napi::Array::New(env, numbers.size());
    for (uint32_t index = 0; index < numbers.size(); index++)
        array.Set(index, numbers[index]);
    return array;
}

// Called with the signals that have come, for as long as the process lives.
Napi::FunctionReference& signalListener() {
    static auto* listener = new Napi::FunctionReference; // never destroyed: node is gone when static objects are
    return *listener;
}

void tellSignals() {
    const std::vector<int> arrived = takeSignals();
    answerSignals(arrived);
    Napi::FunctionReference& listener = signalListener();
    const Napi::Env env = listener.Env();
    const Napi::HandleScope scope(env);
    listener.MakeCallback(env.Global(), {arrayOf(env, arrived)});
}

Napi::Value SetSignals(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const SignalPlan plan = signalPlan(decoder, info[0]);
    if (!info[1].IsFunction())
        decoder.refuse("listener", "a function");
    uv_loop_s* loop = nullptr;
    if (!decoder.ok() || napi_get_uv_event_loop(info.Env(), &loop) != napi_ok)
        return {};
    signalListener() = Napi::Persistent(info[1].As<Napi::Function>());
    return answer(info.Env(), setSignals(loop, plan, tellSignals));
}

Napi::Value Launched(const Napi::CallbackInfo& info) {
    const Launch launch = launched();
    if (!launch.isKnown)
        return info.Env().Undefined();
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("blocked", arrayOf(info.Env(), launch.blocked));
    result.Set("ignored", arrayOf(info.Env(), launch.ignored));
    result.Set("closed", arrayOf(info.Env(), launch.closed));
    result.Set("inherited", arrayOf(info.Env(), launch.inherited));
    return result;
}

Napi::Value GiveBackMemory(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int64_t milliseconds = decoder.integer(info[0], "milliseconds", 0, INT_MAX);
    uv_loop_s* loop = nullptr;
    if (!decoder.ok() || napi_get_uv_event_loop(info.Env(), &loop) != napi_ok)
        return {};
    return answer(info.Env(), giveBackMemory(loop, static_cast<uint64_t>(milliseconds)));
}

void SetProcessName(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string name = decoder.text(info[0], "name");
    if (decoder.ok())
        setProcessName(name.c_str());
}

Napi::Value Spawn(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const SpawnRequest request = spawnRequest(decoder, info[0]);
    return decoder.ok() ? answer(info.Env(), spawn(request)) : Napi::Value();
}

SpawnOrder spawnOrder(Decoder& decoder, Napi::Value value) {
    const Napi::Object from = decoder.object(value, "order");
    const auto member = [&](const char* name) { return decoder.member(from, name); };
    SpawnOrder order;
    order.request = spawnRequest(decoder, member("request"));
    order.signal = static_cast<int>(decoder.integer(member("signal"), "signal", 1, kLastSignal));
    if (const Napi::Value pid = member("endOf"); !pid.IsUndefined())
        order.endOf = static_cast<pid_t>(decoder.integer(pid, "endOf", 1, INT_MAX));
    order.unless = decoder.signals(member("unless"), "unless");
    order.output = decoder.descriptor(member("output"), "output");
    return order;
}

void OrderSpawn(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    SpawnOrder order = spawnOrder(decoder, info[0]);
    if (decoder.ok())
        orderSpawn(std::move(order));
}

Napi::Object toldEnd(Napi::Env env, const Ended& ended) {
    Napi::Object result = Napi::Object::New(env);
    result.Set("pid", ended.pid);
    result.Set("status", ended.status);
    return result;
}

Napi::Value WithdrawOrder(const Napi::CallbackInfo& info) {
    const CarriedOut done = withdrawOrder();
    if (done.pid == 0)
        return info.Env().Undefined();
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("pid", done.pid);
    if (done.ended.pid != 0)
        result.Set("ended", toldEnd(info.Env(), done.ended));
    if (done.size != kUnknown)
        result.Set("size", static_cast<double>(done.size));
    return result;
}

Napi::Value Exec(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const Napi::Object from = decoder.object(info[0], "request");
    const Program next = program(decoder, from);
    const std::vector<int> kept = decoder.descriptors(decoder.member(from, "keep"), "keep");
    return decoder.ok() ? refusal(info.Env(), exec(next, {kept.begin(), kept.end()})) : Napi::Value();
}

// A child that has ended, if any; `find` is waitForEnded or findEnded.
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
    return toldEnd(info.Env(), ended.value());
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
    for (const char* const* entry = environment(); *entry != nullptr; entry++)
        entries.Set(count++, byteString(info.Env(), *entry));
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

Napi::Value SetCloseOnExec(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const int fd = decoder.descriptor(info[0], "fd");
    return decoder.ok() ? answer(info.Env(), setCloseOnExec(fd)) : Napi::Value();
}

Napi::Value MemoryFile(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::string name = decoder.text(info[0], "name");
    const Bytes bytes = decoder.bytes(info[1], "content");
    return decoder.ok() ? answer(info.Env(), memoryFile(name, bytes.content, bytes.size)) : Napi::Value();
}

Napi::Value WatchPaths(const Napi::CallbackInfo& info) {
    Decoder decoder(info.Env());
    const std::vector<std::string> paths = decoder.texts(info[0], "paths");
    return decoder.ok() ? answer(info.Env(), watchPaths(paths)) : Napi::Value();
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
    exports.Set("setBacklog", Napi::Function::New<SetBacklog>(env, "setBacklog"));
    exports.Set("describeTerminal", Napi::Function::New<DescribeTerminal>(env, "describeTerminal"));
    exports.Set("localPort", Napi::Function::New<LocalPort>(env, "localPort"));
    exports.Set("userId", Napi::Function::New<UserId>(env, "userId"));
    exports.Set("groupId", Napi::Function::New<GroupId>(env, "groupId"));
    exports.Set("describeSocket", Napi::Function::New<DescribeSocket>(env, "describeSocket"));
    exports.Set("copyDescriptor", Napi::Function::New<CopyDescriptor>(env, "copyDescriptor"));
    exports.Set("isAccepting", Napi::Function::New<IsAccepting>(env, "isAccepting"));
    exports.Set("connectTo", Napi::Function::New<ConnectTo>(env, "connectTo"));
    exports.Set("peerUid", Napi::Function::New<PeerUid>(env, "peerUid"));
    exports.Set("unixListeners", Napi::Function::New<UnixListeners>(env, "unixListeners"));
    exports.Set("openNotifySocket", Napi::Function::New<OpenNotifySocket>(env, "openNotifySocket"));
    exports.Set("receiveNotification", Napi::Function::New<ReceiveNotification>(env, "receiveNotification"));
    exports.Set("sendNotification", Napi::Function::New<SendNotification>(env, "sendNotification"));
    exports.Set("signalInput", Napi::Function::New<SignalInput>(env, "signalInput"));
    exports.Set("setSignals", Napi::Function::New<SetSignals>(env, "setSignals"));
    exports.Set("launched", Napi::Function::New<Launched>(env, "launched"));
    exports.Set("setProcessName", Napi::Function::New<SetProcessName>(env, "setProcessName"));
    exports.Set("spawn", Napi::Function::New<Spawn>(env, "spawn"));
    exports.Set("giveBackMemory", Napi::Function::New<GiveBackMemory>(env, "giveBackMemory"));
    exports.Set("orderSpawn", Napi::Function::New<OrderSpawn>(env, "orderSpawn"));
    exports.Set("withdrawOrder", Napi::Function::New<WithdrawOrder>(env, "withdrawOrder"));
    exports.Set("exec", Napi::Function::New<Exec>(env, "exec"));
    exports.Set("waitpid", Napi::Function::New<Waitpid>(env, "waitpid"));
    exports.Set("findEnded", Napi::Function::New<FindEnded>(env, "findEnded"));
    exports.Set("environ", Napi::Function::New<Environ>(env, "environ"));
    exports.Set("tryLock", Napi::Function::New<TryLock>(env, "tryLock"));
    exports.Set("sendNow", Napi::Function::New<SendNow>(env, "sendNow"));
    exports.Set("makeBlocking", Napi::Function::New<MakeBlocking>(env, "makeBlocking"));
    exports.Set("setCloseOnExec", Napi::Function::New<SetCloseOnExec>(env, "setCloseOnExec"));
    exports.Set("memoryFile", Napi::Function::New<MemoryFile>(env, "memoryFile"));
    exports.Set("watchPaths", Napi::Function::New<WatchPaths>(env, "watchPaths"));
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
