// UTF-8 to UTF-16 and back, for any input: what is not well-formed becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace engine::expression {

std::u16string to_utf16(std::string_view text);
std::string to_utf8(std::u16string_view text);
bool is_ascii(std::string_view text);

}  // namespace engine::expression
