#include "core/node/value_order.h"

#include <algorithm>
#include <vector>

#include "core/value/number.h"

namespace engine {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Takes a run of digits, leading zeros dropped.
std::string_view take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// Integers exactly; where a double is not an integer of 64 bits, it lies beyond all of them or is
// decided by its fraction already.
std::weak_ordering compare_numbers(View a, View b) {
  const double x = a.as_number().value_or(0);
  const double y = b.as_number().value_or(0);
  if (x < y) return std::weak_ordering::less;
  if (x > y) return std::weak_ordering::greater;
  const auto i = a.as_integer();
  const auto j = b.as_integer();
  if (i && j) return *i <=> *j;
  return i.has_value() == j.has_value() ? std::weak_ordering::equivalent
         : i.has_value()                ? std::weak_ordering::less
                                        : std::weak_ordering::greater;
}

std::weak_ordering by_sign(int sign) {
  return sign < 0   ? std::weak_ordering::less
         : sign > 0 ? std::weak_ordering::greater
                    : std::weak_ordering::equivalent;
}

}  // namespace

ValueRank rank_of(View value) {
  switch (value.kind()) {
    case Kind::boolean: return ValueRank::boolean;
    case Kind::integer:
    case Kind::number: return ValueRank::number;
    case Kind::string: return ValueRank::text;
    case Kind::array:
    case Kind::object: return ValueRank::container;
    default: return ValueRank::nothing;
  }
}

std::weak_ordering compare_values(View a, View b) {
  const ValueRank rank = rank_of(a);
  if (rank != rank_of(b)) return rank <=> rank_of(b);
  switch (rank) {
    case ValueRank::boolean: return a.as_bool() <=> b.as_bool();
    case ValueRank::number: return compare_numbers(a, b);
    case ValueRank::text: return by_sign(a.as_string().compare(b.as_string()));
    default: return std::weak_ordering::equivalent;
  }
}

std::weak_ordering compare_natural(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a[0]) && is_digit(b[0])) {
      const std::string_view x = take_number(a);
      const std::string_view y = take_number(b);
      if (x.size() != y.size()) return x.size() <=> y.size();
      if (const int sign = x.compare(y); sign != 0) return by_sign(sign);
      continue;
    }
    const auto x = static_cast<unsigned char>(folded(a[0]));
    const auto y = static_cast<unsigned char>(folded(b[0]));
    if (x != y) return x <=> y;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
void append_canonical(View value, std::string& out) {
  if (value.is_object()) {
    std::vector<std::pair<std::string_view, View>> members;
    members.reserve(value.size());
    for (const auto& member : value.members()) members.push_back(member);
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    out += '{';
    for (const auto& [key, member] : members) {
      out += std::to_string(key.size());
      out += ':';
      out += key;
      append_canonical(member, out);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const View element : value.elements()) {
      append_canonical(element, out);
      out += ',';
    }
    out += ']';
  } else if (value.is_number()) {
    const auto integer = value.as_integer();
    const double number = value.as_number().value_or(0);
    out += integer                ? std::to_string(*integer)
           : number - number == 0 ? format_number(number)
                                  : value.number_text();
  } else if (value.is_string()) {
    out += '"';
    out += std::to_string(value.as_string().size());
    out += ':';
    out += value.as_string();
  } else {
    out += value.missing() ? "-" : value.null() ? "null" : value.as_bool() ? "true" : "false";
  }
}

}  // namespace engine
