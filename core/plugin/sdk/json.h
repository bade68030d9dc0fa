// JSON values of a plugin.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "error.h"

namespace engine::sdk {

/// Reading never throws: a wrong kind reads as the fallback, what is not there as missing. Integers
/// have 64 bits; other numbers keep their text. Copies are deep, but for a text that nobody has
/// looked into yet: that is shared, and read when it is first asked. Safe to read from any thread.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  ///< missing: not given, which is not null
  Json(std::nullptr_t) : value_(Null{}) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) {
    if (std::isfinite(value)) {
      value_ = Number{value, {}};
    } else {
      value_ = Null{};
    }
  }
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array elements) : value_(std::move(elements)) {}

  static Json object(Object members = {}) {
    Json json;
    json.value_ = std::move(members);
    return json;
  }
  static Json array(Array elements = {}) { return Json(std::move(elements)); }

  /// Valid JSON, read when it is first asked for something.
  static Json unread(std::string_view text) {
    Json json;
    json.value_ = std::make_shared<const Unread>(text);
    return json;
  }

  bool missing() const { return value_.index() == 0; }
  bool null() const { return is<Null>(); }
  bool given() const { return !missing() && !null(); }
  bool is_boolean() const { return is<bool>(); }
  bool is_number() const { return is<std::int64_t>() || is<Number>(); }
  bool is_string() const { return is<std::string>(); }
  bool is_array() const { return is<Array>(); }
  bool is_object() const { return is<Object>(); }

  bool as_bool(bool fallback = false) const {
    const bool* value = get<bool>();
    return value == nullptr ? fallback : *value;
  }
  std::int64_t as_integer(std::int64_t fallback = 0) const {
    const auto* value = get<std::int64_t>();
    return value == nullptr ? fallback : *value;
  }
  double as_number(double fallback = 0) const {
    if (const auto* whole = get<std::int64_t>()) return static_cast<double>(*whole);
    const auto* number = get<Number>();
    return number == nullptr ? fallback : number->value;
  }
  /// Valid as long as this value.
  std::string_view as_string(std::string_view fallback = {}) const {
    const auto* text = get<std::string>();
    return text == nullptr ? fallback : std::string_view(*text);
  }
  /// A string as it is, null and missing as nothing, other kinds as JSON.
  std::string to_text() const {
    if (!given()) return {};
    return is_string() ? std::string(as_string()) : print();
  }

  std::size_t size() const { return is_array() ? elements().size() : members().size(); }
  const Array& elements() const {
    static const Array none;
    const auto* list = get<Array>();
    return list == nullptr ? none : *list;
  }
  const Object& members() const {
    static const Object none;
    const auto* map = get<Object>();
    return map == nullptr ? none : *map;
  }
  const Json& operator[](std::size_t index) const {
    return index < elements().size() ? elements()[index] : none();
  }
  const Json& operator[](int index) const { return (*this)[static_cast<std::size_t>(index)]; }
  const Json& operator[](std::string_view key) const {
    for (const auto& [name, value] : members()) {
      if (name == key) return value;
    }
    return none();
  }
  const Json& operator[](const char* key) const { return (*this)[std::string_view(key)]; }

  /// Adds or replaces a member; what is no object becomes one.
  Json& set(std::string_view key, Json value) {
    read();
    if (!is_object()) value_ = Object();
    auto& map = std::get<Object>(value_);
    for (auto& [name, old] : map) {
      if (name == key) {
        old = std::move(value);
        return *this;
      }
    }
    map.emplace_back(std::string(key), std::move(value));
    return *this;
  }
  /// Adds an element; what is no array becomes one.
  Json& push(Json value) {
    read();
    if (!is_array()) value_ = Array();
    std::get<Array>(value_).push_back(std::move(value));
    return *this;
  }

  /// Throws Error{user, "bad_json"}.
  static Json parse(std::string_view text);
  std::string print() const {
    std::string out;
    print(out);
    return out;
  }
  void print(std::string& out) const;
  /// As JSON; printed into `space` unless it was never looked into. Valid as long as both.
  std::string_view text(std::string& space) const {
    if (const auto* unread = std::get_if<Shared>(&value_)) return (*unread)->text;
    print(space);
    return space;
  }

  bool operator==(const Json& other) const {
    if (is_number() && other.is_number()) return as_number() == other.as_number();
    if (!is_object()) return whole().value_ == other.whole().value_;
    if (!other.is_object() || size() != other.size()) return false;
    for (const auto& [name, value] : members()) {
      if (!(other[name] == value)) return false;
    }
    return true;
  }

 private:
  friend class JsonParser;
  struct Null {
    bool operator==(const Null&) const = default;
  };
  struct Number {
    double value = 0;
    std::string text;  // as it came in
    bool operator==(const Number& other) const { return value == other.value; }
  };
  struct Unread {
    explicit Unread(std::string_view unread) : text(unread) {}
    std::string text;
    mutable std::once_flag once;
    mutable std::unique_ptr<Json> json;
  };
  using Shared = std::shared_ptr<const Unread>;

  const Json& whole() const {
    const auto* unread = std::get_if<Shared>(&value_);
    if (unread == nullptr) return *this;
    const Unread& shared = **unread;
    std::call_once(shared.once, [&] { shared.json = std::make_unique<Json>(parse(shared.text)); });
    return *shared.json;
  }
  /// Before it is changed.
  void read() {
    if (!std::holds_alternative<Shared>(value_)) return;
    Json copy = whole();
    value_ = std::move(copy.value_);
  }
  template <typename Kind>
  const Kind* get() const {
    return std::get_if<Kind>(&whole().value_);
  }
  template <typename Kind>
  bool is() const {
    return get<Kind>() != nullptr;
  }
  static const Json& none() {
    static const Json missing;
    return missing;
  }

  std::variant<std::monostate, Null, bool, std::int64_t, Number, std::string, Array, Object, Shared>
      value_;
};

// ---------------------------------------------------------------- printing

namespace detail {

inline void print_string(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (c >= 0x20) {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      out += "\\u00";
      out += kHex[c >> 4U];
      out += kHex[c & 15U];
    }
  }
  out.append(text, plain);
  out += '"';
}

}  // namespace detail

inline void Json::print(std::string& out) const {
  char buffer[32];
  if (const auto* unread = std::get_if<Shared>(&value_)) {
    out += (*unread)->text;
  } else if (const auto* text = get<std::string>()) {
    detail::print_string(*text, out);
  } else if (const auto* whole = get<std::int64_t>()) {
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, *whole).ptr);
  } else if (const auto* number = get<Number>()) {
    if (!number->text.empty()) {
      out += number->text;
    } else {
      out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number->value).ptr);
    }
  } else if (const auto* map = get<Object>()) {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : *map) {
      if (value.missing()) continue;
      if (!first) out += ',';
      first = false;
      detail::print_string(name, out);
      out += ':';
      value.print(out);
    }
    out += '}';
  } else if (const auto* list = get<Array>()) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += ',';
      (*list)[i].print(out);
    }
    out += ']';
  } else if (const auto* flag = get<bool>()) {
    out += *flag ? "true" : "false";
  } else {
    out += "null";
  }
}

// ---------------------------------------------------------------- parsing

/// RFC 8259, at most 100 levels deep.
class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  Json whole() {
    Json json = value(0);
    space();
    if (at_ != end_) fail();
    return json;
  }

 private:
  [[noreturn]] static void fail() {
    throw Error(ErrorCause::user, "bad_json", "A text is not valid JSON.");
  }

  void space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  char next() {
    space();
    if (at_ == end_) fail();
    return *at_;
  }
  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }
  void word(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size() ||
        std::string_view(at_, text.size()) != text) {
      fail();
    }
    at_ += text.size();
  }

  Json value(int depth) {
    if (depth > 100) fail();
    switch (next()) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string();
      case 't': return word("true"), Json(true);
      case 'f': return word("false"), Json(false);
      case 'n': return word("null"), Json(nullptr);
      default: return number();
    }
  }

  Json object(int depth) {
    ++at_;
    Json::Object members;
    if (take('}')) return Json::object();
    do {
      if (next() != '"') fail();
      std::string key = string();
      if (!take(':')) fail();
      members.emplace_back(std::move(key), value(depth + 1));
    } while (take(','));
    if (!take('}')) fail();
    return Json::object(std::move(members));
  }

  Json array(int depth) {
    ++at_;
    Json::Array elements;
    if (take(']')) return Json(std::move(elements));
    do {
      elements.push_back(value(depth + 1));
    } while (take(','));
    if (!take(']')) fail();
    return Json(std::move(elements));
  }

  void digits() {
    if (at_ == end_ || *at_ < '0' || *at_ > '9') fail();
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
  }

  Json number() {
    const char* const begin = at_;
    bool whole = true;
    if (*at_ == '-') ++at_;
    if (at_ != end_ && *at_ == '0') {
      ++at_;
    } else {
      digits();
    }
    if (at_ != end_ && *at_ == '.') {
      whole = false;
      ++at_;
      digits();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      whole = false;
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      digits();
    }
    std::int64_t integer = 0;
    if (whole && std::from_chars(begin, at_, integer).ec == std::errc()) return Json(integer);
    Json json;
    Json::Number number{0, std::string(begin, at_)};
    std::from_chars(begin, at_, number.value);
    json.value_ = std::move(number);
    return json;
  }

  std::string string() {
    ++at_;
    std::string text;
    while (true) {
      const char* const plain = at_;
      while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
      text.append(plain, at_);
      if (at_ == end_) fail();
      if (*at_++ == '"') return text;
      escape(text);
    }
  }

  void escape(std::string& text) {
    if (at_ == end_) fail();
    switch (*at_++) {
      case 'n': text += '\n'; break;
      case 't': text += '\t'; break;
      case 'r': text += '\r'; break;
      case 'b': text += '\b'; break;
      case 'f': text += '\f'; break;
      case '"': text += '"'; break;
      case '\\': text += '\\'; break;
      case '/': text += '/'; break;
      case 'u': unicode(text); break;
      default: fail();
    }
  }

  std::uint32_t unit() {
    std::uint32_t code = 0;
    if (end_ - at_ < 4 || std::from_chars(at_, at_ + 4, code, 16).ptr != at_ + 4) fail();
    at_ += 4;
    return code;
  }

  void unicode(std::string& text) {
    std::uint32_t code = unit();
    if (code >= 0xd800 && code < 0xdc00) {
      word("\\u");
      const std::uint32_t low = unit();
      if (low < 0xdc00 || low > 0xdfff) fail();
      code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code < 0xe000) {
      fail();
    }
    const auto byte = [&](std::uint32_t bits) { text += static_cast<char>(bits); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0 | (code >> 6U));
      byte(0x80 | (code & 63U));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12U));
      byte(0x80 | ((code >> 6U) & 63U));
      byte(0x80 | (code & 63U));
    } else {
      byte(0xf0 | (code >> 18U));
      byte(0x80 | ((code >> 12U) & 63U));
      byte(0x80 | ((code >> 6U) & 63U));
      byte(0x80 | (code & 63U));
    }
  }

  const char* at_;
  const char* end_;
};

inline Json Json::parse(std::string_view text) {
  return JsonParser(text).whole();
}

}  // namespace engine::sdk
