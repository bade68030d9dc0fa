#include "core/value/json.h"

// RapidJSON then takes sixteen bytes of a string at a time.
#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace engine {
namespace {

class Handler {
 public:
  explicit Handler(ValueBuilder& builder) : builder_(builder) {}

  bool Null() {
    builder_.null();
    return true;
  }
  bool Bool(bool value) {
    builder_.boolean(value);
    return true;
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    builder_.number_text({text, size});
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    builder_.string({text, size});
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    builder_.key({text, size});
    return true;
  }
  bool StartObject() {
    builder_.begin_object();
    return ++depth_ <= kDeepestJson;
  }
  bool EndObject(rapidjson::SizeType) {
    --depth_;
    builder_.end_object();
    return true;
  }
  bool StartArray() {
    builder_.begin_array();
    return ++depth_ <= kDeepestJson;
  }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    builder_.end_array();
    return true;
  }
  // Never called: numbers are read as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  ValueBuilder& builder_;
  std::size_t depth_ = 0;
};

[[noreturn]] void fail(std::string_view text, std::size_t offset, std::string_view what,
                       const std::string& reason) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  throw Error(ErrorCause::user, "bad_json",
              std::string(what) + " is not valid JSON: " + reason + " (line " +
                  std::to_string(line) + ", column " + std::to_string(column) + ").");
}

std::string reason_of(const rapidjson::ParseResult& result) {
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return "it is nested deeper than " + std::to_string(kDeepestJson) + " levels";
  }
  std::string reason = rapidjson::GetParseError_En(result.Code());
  if (!reason.empty() && reason.back() == '.') reason.pop_back();
  return reason;
}

}  // namespace

Value parse_json(std::string_view text, ValueBuilder& builder, std::string_view what) {
  // A text that is known to be UTF-8 and may be overwritten is read fastest.
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag |
                              rapidjson::kParseIterativeFlag;
  // RapidJSON reads a NUL as the end of its stream; in a text of known length it is bad syntax.
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) fail(text, nul, what, "it holds a NUL byte");
  const std::size_t bad = first_bad_utf8(text);
  if (bad != text.size()) fail(text, bad, what, "it is not UTF-8");
  constexpr std::size_t kReadBeyond = 16;  // at most so far behind the end
  const auto scratch = std::make_unique_for_overwrite<char[]>(text.size() + kReadBeyond);
  if (!text.empty()) std::memcpy(scratch.get(), text.data(), text.size());
  std::memset(scratch.get() + text.size(), 0, kReadBeyond);
  rapidjson::InsituStringStream stream(scratch.get());
  rapidjson::Reader reader;
  Handler handler(builder);
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
  if (result.IsError()) {
    builder.discard();
    fail(text, result.Offset(), what, reason_of(result));
  }
  return builder.finish();
}

Value parse_json(std::string_view text, std::string_view what) {
  ValueBuilder builder(std::max<std::size_t>(256, std::min<std::size_t>(text.size(), 1U << 16U)));
  return parse_json(text, builder, what);
}

// ---------------------------------------------------------------- printing

class JsonPrinter {
 public:
  JsonPrinter(std::string& out, int indent) : out_(out), indent_(indent) {}

  // NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
  void print(View value) {
    switch (value.kind()) {
      case Kind::missing:
      case Kind::null: out_ += "null"; break;
      case Kind::boolean: out_ += value.as_bool() ? "true" : "false"; break;
      case Kind::integer:
      case Kind::number: value.append_number(out_); break;
      case Kind::string: print_string(value.as_string()); break;
      case Kind::array: print_array(value); break;
      case Kind::object: print_object(value); break;
    }
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  void print_array(View value) {
    out_ += '[';
    ++depth_;
    bool first = true;
    for (const View element : value.elements()) {
      separate(first);
      print(element);
    }
    --depth_;
    close(first, ']');
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void print_object(View value) {
    out_ += '{';
    ++depth_;
    bool first = true;
    for (const auto& [key, member] : value.members()) {
      separate(first);
      print_string(key);
      out_ += indent_ > 0 ? ": " : ":";
      print(member);
    }
    --depth_;
    close(first, '}');
  }

  void separate(bool& first) {
    if (!first) out_ += ',';
    first = false;
    new_line();
  }

  void close(bool empty, char bracket) {
    if (!empty) new_line();
    out_ += bracket;
  }

  void new_line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * static_cast<std::size_t>(indent_), ' ');
  }

  void print_string(std::string_view text) {
    out_ += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      out_.append(text, plain, i - plain);
      plain = i + 1;
      escape(c);
    }
    out_.append(text, plain);
    out_ += '"';
  }

  void escape(unsigned char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
      case '"': out_ += "\\\""; break;
      case '\\': out_ += "\\\\"; break;
      case '\n': out_ += "\\n"; break;
      case '\r': out_ += "\\r"; break;
      case '\t': out_ += "\\t"; break;
      case '\b': out_ += "\\b"; break;
      case '\f': out_ += "\\f"; break;
      default:
        out_ += "\\u00";
        out_ += kHex[c >> 4U];
        out_ += kHex[c & 15U];
    }
  }

  std::string& out_;
  int indent_;
  int depth_ = 0;
};

void print_json(View value, std::string& out) {
  JsonPrinter(out, 0).print(value);
}

std::string print_json(View value) {
  std::string out;
  print_json(value, out);
  return out;
}

std::string print_json_pretty(View value) {
  std::string out;
  JsonPrinter(out, 2).print(value);
  return out;
}

std::string to_text(View value) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null: return {};
    case Kind::string: return std::string(value.as_string());
    default: return print_json(value);
  }
}

}  // namespace engine
