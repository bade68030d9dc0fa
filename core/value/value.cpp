#include "core/value/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>

#include "core/value/number.h"
#include "core/value/value_layout.h"

namespace engine {

using detail::ArrayRep;
using detail::Cell;
using detail::ObjectRep;
using detail::pointer;
using detail::StringRep;
using detail::tag_of;

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::missing: return "nothing";
    case Kind::null: return "null";
    case Kind::boolean: return "boolean";
    case Kind::integer: return "integer";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::array: return "list";
    case Kind::object: return "object";
  }
  return "nothing";
}

// ---------------------------------------------------------------- reading

Kind View::kind() const {
  switch (tag_of(cell_)) {
    case detail::kImmediate:
      return cell_ == kMissing ? Kind::missing : cell_ == kNull ? Kind::null : Kind::boolean;
    case detail::kSmallInteger:
    case detail::kBigInteger: return Kind::integer;
    case detail::kDouble:
    case detail::kNumberText: return Kind::number;
    case detail::kString: return Kind::string;
    case detail::kArray: return Kind::array;
    case detail::kObject: return Kind::object;
  }
  return Kind::missing;
}

bool View::as_bool(bool fallback) const {
  return is_boolean() ? cell_ == kTrue : fallback;
}

std::optional<std::int64_t> View::as_integer() const {
  switch (tag_of(cell_)) {
    case detail::kSmallInteger: return detail::small_value(cell_);
    case detail::kBigInteger: return *pointer<std::int64_t>(cell_);
    case detail::kDouble:
    case detail::kNumberText: {
      constexpr double kLimit = 9223372036854775808.0;  // 2^63
      const double number = as_number().value_or(0.5);
      if (std::trunc(number) != number || number < -kLimit || number >= kLimit) return std::nullopt;
      return static_cast<std::int64_t>(number);
    }
    default: return std::nullopt;
  }
}

std::optional<double> View::as_number() const {
  switch (tag_of(cell_)) {
    case detail::kSmallInteger: return static_cast<double>(detail::small_value(cell_));
    case detail::kBigInteger: return static_cast<double>(*pointer<std::int64_t>(cell_));
    case detail::kDouble: return *pointer<double>(cell_);
    case detail::kNumberText: return parse_number(pointer<StringRep>(cell_)->view());
    default: return std::nullopt;
  }
}

std::string_view View::as_string(std::string_view fallback) const {
  return tag_of(cell_) == detail::kString ? pointer<StringRep>(cell_)->view() : fallback;
}

void View::append_number(std::string& out) const {
  switch (tag_of(cell_)) {
    case detail::kSmallInteger:
    case detail::kBigInteger: {
      std::array<char, 24> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *as_integer());
      out.append(digits.data(), end.ptr);
      break;
    }
    case detail::kDouble: out += format_number(*pointer<double>(cell_)); break;
    case detail::kNumberText: out += pointer<StringRep>(cell_)->view(); break;
    default: break;
  }
}

std::string View::number_text() const {
  std::string text;
  append_number(text);
  return text;
}

bool View::truthy() const {
  switch (kind()) {
    case Kind::missing:
    case Kind::null: return false;
    case Kind::boolean: return cell_ == kTrue;
    case Kind::integer:
    case Kind::number: return as_number().value_or(0) != 0;
    case Kind::string: return !as_string().empty();
    case Kind::array:
    case Kind::object: return true;
  }
  return false;
}

std::size_t View::size() const {
  switch (tag_of(cell_)) {
    case detail::kArray: return pointer<ArrayRep>(cell_)->size;
    case detail::kObject: return pointer<ObjectRep>(cell_)->size;
    default: return 0;
  }
}

View View::operator[](std::size_t index) const {
  if (tag_of(cell_) != detail::kArray) return {};
  const auto* array = pointer<ArrayRep>(cell_);
  return index < array->size ? View(array->cells[index]) : View();
}

View View::operator[](std::string_view key) const {
  if (tag_of(cell_) != detail::kObject) return {};
  const auto* object = pointer<ObjectRep>(cell_);
  if (object->size > detail::kIndexedFrom) {
    const std::uint32_t* begin = object->index();
    const std::uint32_t* end = begin + object->size;
    const std::uint32_t* found = std::lower_bound(
        begin, end, key,
        [&](std::uint32_t i, std::string_view k) { return object->members[i].key->view() < k; });
    if (found == end || object->members[*found].key->view() != key) return {};
    return View(object->members[*found].value);
  }
  for (std::size_t i = 0; i < object->size; ++i) {
    if (object->members[i].key->view() == key) return View(object->members[i].value);
  }
  return {};
}

std::pair<std::string_view, View> View::member(std::size_t index) const {
  const detail::Member& member = pointer<ObjectRep>(cell_)->members[index];
  return {member.key->view(), View(member.value)};
}

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
bool View::equals(View other) const {
  if (cell_ == other.cell_) return true;
  if (is_number() && other.is_number()) {
    if (kind() == Kind::integer && other.kind() == Kind::integer)
      return as_integer() == other.as_integer();
    return as_number() == other.as_number();
  }
  if (kind() != other.kind()) return false;
  switch (kind()) {
    case Kind::string: return as_string() == other.as_string();
    case Kind::array:
      if (size() != other.size()) return false;
      for (std::size_t i = 0; i < size(); ++i) {
        if (!(*this)[i].equals(other[i])) return false;
      }
      return true;
    case Kind::object:
      if (size() != other.size()) return false;
      for (const auto& [key, value] : members()) {
        const View theirs = other[key];
        if (theirs.missing() || !value.equals(theirs)) return false;
      }
      return true;
    default: return false;  // equal immediates have equal cells
  }
}

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
std::uint64_t View::hash() const {
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    return (a ^ (b + 0x9e3779b97f4a7c15U + (a << 6U) + (a >> 2U))) * 0xff51afd7ed558ccdU;
  };
  switch (kind()) {
    case Kind::missing:
    case Kind::null:
    case Kind::boolean: return cell_;
    case Kind::integer:
    case Kind::number: return std::hash<double>()(as_number().value_or(0));
    case Kind::string: return std::hash<std::string_view>()(as_string());
    case Kind::array: {
      std::uint64_t result = 17;
      for (const View element : elements()) result = mix(result, element.hash());
      return result;
    }
    case Kind::object: {
      std::uint64_t result = 31;  // member order does not count, so members are added up
      for (const auto& [key, value] : members())
        result += mix(std::hash<std::string_view>()(key), value.hash());
      return result;
    }
  }
  return 0;
}

// ---------------------------------------------------------------- owning

Value::Value(std::int64_t value) {
  if (value >= detail::kSmallest && value <= detail::kLargest) {
    cell_ = detail::small_integer(value);
    return;
  }
  ValueBuilder builder(sizeof value);
  builder.integer(value);
  *this = builder.finish();
}

Value::Value(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
    *this = Value(static_cast<std::int64_t>(value));
    return;
  }
  ValueBuilder builder(32);
  builder.number_text(std::to_string(value));
  *this = builder.finish();
}

Value::Value(double value) {
  ValueBuilder builder(sizeof value);
  builder.number(value);
  *this = builder.finish();
}

Value::Value(std::string_view value) {
  ValueBuilder builder(StringRep::bytes_for(value.size()));
  builder.string(value);
  *this = builder.finish();
}

Value Value::object(std::initializer_list<std::pair<std::string_view, Value>> members) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, value] : members) {
    builder.key(key);
    builder.value(value);
  }
  builder.end_object();
  return builder.finish();
}

Value Value::array(const std::vector<Value>& elements) {
  ValueBuilder builder(64 + elements.size() * sizeof(Cell));
  builder.begin_array();
  for (const Value& element : elements) builder.value(element);
  builder.end_array();
  return builder.finish();
}

Value Value::share(View part) const {
  if (tag_of(part.cell_) <= detail::kSmallInteger) return {nullptr, part.cell_};
  if (arena_ != nullptr) arena_->retain();
  return {arena_, part.cell_};
}

Value Value::detached() const {
  if (missing()) return {};
  ValueBuilder builder;
  builder.copy(*this);
  return builder.finish();
}

}  // namespace engine
