#pragma once

#include "signals.h"

#include <climits>
#include <cmath>
#include <initializer_list>
#include <napi.h>
#include <string>
#include <vector>

namespace superdaemon {

// What an error message calls a value: a word, or an element of a list that has a name. The text is made only when
// there is a message: made for each of a thousand descriptors, it would take a tenth of the spawn.
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

struct Bytes {
    const uint8_t* content = nullptr;
    size_t size = 0;
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

    // The bytes are JavaScript's own: the pointer is good until control returns to JavaScript.
    Bytes bytes(Napi::Value value, const Name& name) {
        if (ok_ && value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array) {
            const auto array = value.As<Napi::Uint8Array>();
            return {array.Data(), array.ByteLength()};
        }
        refuse(name, "a Uint8Array");
        return {};
    }

    // The index in `words` of the word that was given.
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

    std::vector<int> descriptors(Napi::Value value, const Name& name) {
        return list(value, name, [this](Napi::Value each, const Name& its) { return descriptor(each, its); });
    }

    std::vector<int> signals(Napi::Value value, const Name& name) {
        return list(value, name, [this](Napi::Value each, const Name& its) {
            return static_cast<int>(integer(each, its, 1, kLastSignal));
        });
    }

  private:
    // A getter in the caller's object may have thrown; then its error is the one to be seen.
    Napi::Value unlessThrown(Napi::Value value) {
        ok_ = ok_ && !env_.IsExceptionPending();
        return value;
    }

    Napi::Env env_;
    bool ok_ = true;
};

} // namespace superdaemon
