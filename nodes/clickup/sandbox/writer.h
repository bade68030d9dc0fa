// Writing answers: JSON members as the service spells them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/value/value.h"

namespace engine::clickup::sandbox {

/// Milliseconds since 1970, as the API counts.
using Ms = std::int64_t;

/// A ValueBuilder that nests by lambdas, so that nothing is left open. Not thread-safe.
class Writer {
 public:
  explicit Writer(std::size_t first_block_bytes = 1024) : builder_(first_block_bytes) {}

  template <typename Body>
  void object(Body&& body) {
    builder_.begin_object();
    body();
    builder_.end_object();
  }
  template <typename Body>
  void object(std::string_view key, Body&& body) {
    builder_.key(key);
    object(body);
  }
  template <typename Body>
  void array(Body&& body) {
    builder_.begin_array();
    body();
    builder_.end_array();
  }
  template <typename Body>
  void array(std::string_view key, Body&& body) {
    builder_.key(key);
    array(body);
  }
  void empty_array(std::string_view key) {
    array(key, [] {});
  }

  void key(std::string_view key) { builder_.key(key); }
  void text(std::string_view value) { builder_.string(value); }
  void text(std::string_view key, std::string_view value) {
    builder_.key(key);
    builder_.string(value);
  }
  void text_or_null(std::string_view key, std::string_view value) {
    value.empty() ? null(key) : text(key, value);
  }
  void integer(std::int64_t value) { builder_.integer(value); }
  void integer(std::string_view key, std::int64_t value) {
    builder_.key(key);
    builder_.integer(value);
  }
  void integer_or_null(std::string_view key, std::optional<std::int64_t> value) {
    value ? integer(key, *value) : null(key);
  }
  void real(std::string_view key, double value) {
    builder_.key(key);
    builder_.number(value);
  }
  void flag(std::string_view key, bool value) {
    builder_.key(key);
    builder_.boolean(value);
  }
  void null() { builder_.null(); }
  void null(std::string_view key) {
    builder_.key(key);
    builder_.null();
  }
  void value(const Value& value) { builder_.value(value); }
  void value(std::string_view key, const Value& value) {
    builder_.key(key);
    builder_.value(value);
  }
  /// Numbers that travel as texts: ids, and dates in milliseconds.
  void digits(std::string_view key, std::int64_t value) { text(key, std::to_string(value)); }
  void date(std::string_view key, std::optional<Ms> value) {
    value ? digits(key, *value) : null(key);
  }

  Value finish() { return builder_.finish(); }

 private:
  ValueBuilder builder_;
};

/// The object whose members `body(writer)` writes.
template <typename Body>
Value make_object(Body&& body) {
  Writer writer;
  writer.object([&] { body(writer); });
  return writer.finish();
}

}  // namespace engine::clickup::sandbox
