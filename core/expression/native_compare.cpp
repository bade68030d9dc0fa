#include "core/expression/native_compare.h"

#include <cmath>
#include <limits>

#include "core/expression/utf16.h"

namespace engine::expression {
namespace {

using Operator = NativeExpression::Operator;

bool is_composite(View value) {
  return value.is_array() || value.is_object();
}

// Nothing for an integer that JavaScript holds as BigInt.
std::optional<double> plain_number(View value) {
  constexpr std::int64_t kLargestSafe = (std::int64_t{1} << 53U) - 1;
  const std::optional<double> number = value.as_number();
  if (!number || !std::isfinite(*number)) return std::nullopt;
  if (std::abs(*number) > static_cast<double>(kLargestSafe)) return std::nullopt;
  return number;
}

// Of values that are neither objects nor arrays.
std::optional<bool> strictly_equal(View left, View right) {
  if (left.is_number() && right.is_number()) {
    const auto a = plain_number(left);
    const auto b = plain_number(right);
    if (!a || !b) return std::nullopt;
    return *a == *b;
  }
  if (left.is_string() && right.is_string()) return left.as_string() == right.as_string();
  return left.same_as(right);  // missing, null, true, false; other kinds differ
}

std::optional<bool> loosely_equal(View left, View right) {
  if (!left.given() || !right.given()) return !left.given() && !right.given();
  const bool same_kind = (left.is_number() && right.is_number()) ||
                         (left.is_string() && right.is_string()) ||
                         (left.is_boolean() && right.is_boolean());
  return same_kind ? strictly_equal(left, right) : std::nullopt;
}

std::optional<bool> equal(bool strict, View left, View right) {
  if (is_composite(left) && is_composite(right)) return std::nullopt;
  if (is_composite(left) || is_composite(right)) {
    const bool other_given = left.given() && right.given();
    return strict || !other_given ? std::optional(false) : std::nullopt;
  }
  return strict ? strictly_equal(left, right) : loosely_equal(left, right);
}

// Of what is neither a text nor composite; a missing value is not a number.
std::optional<double> to_number(View value) {
  if (value.missing()) return std::numeric_limits<double>::quiet_NaN();
  if (value.null()) return 0;
  if (value.is_boolean()) return value.as_bool() ? 1 : 0;
  return value.is_number() ? plain_number(value) : std::nullopt;
}

template <typename T>
bool ordered(Operator comparison, const T& left, const T& right) {
  switch (comparison) {
    case Operator::less: return left < right;
    case Operator::less_equal: return left <= right;
    case Operator::greater: return left > right;
    default: return left >= right;
  }
}

}  // namespace

std::optional<bool> compare(Operator comparison, View left, View right) {
  switch (comparison) {
    case Operator::strict_equal: return equal(true, left, right);
    case Operator::equal: return equal(false, left, right);
    case Operator::strict_unequal:
    case Operator::unequal: {
      const auto same = equal(comparison == Operator::strict_unequal, left, right);
      return same ? std::optional(!*same) : std::nullopt;
    }
    default: break;
  }
  if (left.is_string() && right.is_string()) {
    const std::string_view a = left.as_string();
    const std::string_view b = right.as_string();
    if (is_ascii(a) && is_ascii(b)) return ordered(comparison, a, b);
    return ordered(comparison, to_utf16(a), to_utf16(b));
  }
  const auto a = to_number(left);
  const auto b = to_number(right);
  if (!a || !b) return std::nullopt;
  return ordered(comparison, *a, *b);
}

}  // namespace engine::expression
