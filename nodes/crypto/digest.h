// Digests and random texts, from the crypto library.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace engine::nodes {

/// Calls back with one piece of the data after the other.
using Pieces = std::function<void(const std::function<void(std::string_view)>&)>;

/// Raw bytes. `algorithm` is md5, sha1, sha256, sha384, sha512 or sha3-256.
std::string hash_of(const std::string& algorithm, const Pieces& data);
std::string hmac_of(const std::string& algorithm, std::string_view secret, const Pieces& data);

/// Bytes fit for secrets.
std::string random_bytes(std::size_t count);
/// Letters and digits.
std::string random_letters(std::size_t count);
/// Version 4 (RFC 9562, section 5.4).
std::string random_uuid();

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);

}  // namespace engine::nodes
