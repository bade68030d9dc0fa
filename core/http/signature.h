// Signatures of webhooks, and comparing secrets without telling how much of them was right.
#pragma once

#include <string>
#include <string_view>

namespace engine::http {

/// HMAC-SHA256 (RFC 2104) in lower-case hex.
std::string hmac_sha256_hex(std::string_view key, std::string_view data);

/// Takes as long for any two texts of these lengths.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace engine::http
