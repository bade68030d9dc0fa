#include "core/workflow/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "core/value/number.h"

namespace engine::workflow {
namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

// 0x1f and 0o17; nothing when it is not one or has more than 64 bits.
std::optional<std::uint64_t> based_integer(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'o')) return std::nullopt;
  const std::string_view digits = text.substr(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, text[1] == 'x' ? 16 : 8);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// "+007.50" as JSON writes it: "7.50". Empty when `text` is not a decimal number of the core
// schema.
std::string json_form(std::string_view text) {
  std::string sign;
  if (text[0] == '+' || text[0] == '-') {
    if (text[0] == '-') sign = "-";
    text.remove_prefix(1);
    if (text.empty() || text[0] == '+' || text[0] == '-') return {};
  }
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), e);
  std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < e ? text.substr(point + 1, e - point - 1) : "";
  if (whole.empty() && fraction.empty()) return {};
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  std::string result = sign + (whole.empty() ? "0" : std::string(whole));
  if (!fraction.empty()) result += "." + std::string(fraction);
  result += text.substr(e);
  return is_json_number(result) ? result : "";
}

Value number(std::string_view text) {
  ValueBuilder builder(64);
  builder.number_text(text);
  return builder.finish();
}

}  // namespace

Value resolve_plain(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return {nullptr};
  if (one_of(text, {"true", "True", "TRUE"})) return {true};
  if (one_of(text, {"false", "False", "FALSE"})) return {false};
  if (text.find_first_not_of("0123456789+-.eExoabcdfABCDF") == std::string_view::npos) {
    if (const auto integer = based_integer(text)) return {*integer};
    const std::string decimal = json_form(text);
    if (!decimal.empty()) return number(decimal);
  }
  return {text};
}

}  // namespace engine::workflow
