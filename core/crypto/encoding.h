// Bytes as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine {

std::string to_hex(std::string_view bytes);  ///< lower case

/// RFC 4648, section 4, with padding.
std::string to_base64(std::string_view bytes);
/// RFC 4648, section 5, without padding.
std::string to_base64url(std::string_view bytes);
/// Nothing for a text that to_base64url would not write.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace engine
