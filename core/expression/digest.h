// Hashes and base64 for the extension methods of strings, on OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine::expression {

/// In lower-case hexadecimal digits. `algorithm`: md5, sha1, sha224, sha256, sha384, sha512, sha3
/// (512 bits) or ripemd160; nothing for another, or one that this OpenSSL does not have.
std::optional<std::string> hash_hex(std::string_view algorithm, std::string_view text);

std::string base64_encode(std::string_view bytes);

/// Also the URL alphabet, with or without padding; other characters are skipped.
std::string base64_decode(std::string_view text);

}  // namespace engine::expression
