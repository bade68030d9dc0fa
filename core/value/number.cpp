#include "core/value/number.h"

#include <array>
#include <charconv>
#include <cmath>

namespace engine {

std::string format_number(double value) {
  if (value == 0) return "0";
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          std::fabs(value), std::chars_format::scientific);
  const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = scientific.find('e');
  std::string digits(1, scientific[0]);
  if (e > 2) digits += scientific.substr(2, e - 2);
  int exponent = 0;
  const char* exponent_begin = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_begin, scientific.data() + scientific.size(), exponent);
  // `point` digits stand before the decimal point (n in the standard's text).
  const int point = exponent + 1;
  const int count = static_cast<int>(digits.size());
  std::string text = value < 0 ? "-" : "";
  if (count <= point && point <= 21) {
    return text + digits + std::string(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto cut = static_cast<std::size_t>(point);
    return text + digits.substr(0, cut) + "." + digits.substr(cut);
  }
  if (-6 < point && point <= 0) {
    return text + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  }
  text += digits.substr(0, 1);
  if (count > 1) text += "." + digits.substr(1);
  return text + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text == "-0") return std::nullopt;  // an integer has no negative zero
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  // std::from_chars also reads "inf", "nan" and "1."; JSON has none of them.
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos ||
      text[0] == '+' || text[0] == '.' || text.back() == '.') {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    const std::size_t e = text.find_first_of("eE");
    const bool tiny = e != std::string_view::npos && text.find('-', e) != std::string_view::npos;
    return tiny ? 0.0 : (text[0] == '-' ? -HUGE_VAL : HUGE_VAL);
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace engine
