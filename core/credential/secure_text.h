// Random texts and comparisons for secrets, from the crypto library.
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// 256 random bits in 43 characters of A-Z, a-z, 0-9, '-' and '_'.
std::string random_text();

/// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

/// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes);

/// RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);

}  // namespace engine
