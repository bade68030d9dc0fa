// Numbers as text: JavaScript's shortest form, and reading without loss.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

/// As JavaScript's Number::toString prints it (ECMA-262, 6.1.6.1.20). Requires a finite number.
std::string format_number(double value);

/// Whether all of `text` is a number as JSON writes them.
bool is_json_number(std::string_view text);

/// `text` is a JSON number (RFC 8259, section 6). Nothing unless it is an integer of 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// Nothing unless all of `text` is a number as JSON writes them.
std::optional<double> parse_number(std::string_view text);

}  // namespace engine
