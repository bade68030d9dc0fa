#include "core/trigger/resume_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>

#include "core/base/error.h"

namespace engine::trigger {
namespace {

std::string hex_of(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += kDigits[bytes[i] >> 4U];
    hex += kDigits[bytes[i] & 15U];
  }
  return hex;
}

Error crypto_error() {
  return {ErrorCause::bug, "crypto_failed", "OpenSSL could not do what it is asked for."};
}

}  // namespace

std::string random_secret() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw crypto_error();
  return hex_of(bytes.data(), bytes.size());
}

std::string hash_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw crypto_error();
  }
  return hex_of(digest.data(), size);
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string ResumeTokens::signature(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr) {
    throw crypto_error();
  }
  return hex_of(digest.data(), 20);
}

std::string ResumeTokens::sign(const Claim& claim) const {
  const std::string text = claim.execution + "." + std::to_string(claim.resumes);
  return text + "." + signature(text);
}

std::optional<ResumeTokens::Claim> ResumeTokens::verify(std::string_view token) const {
  const std::size_t last = token.rfind('.');
  if (last == std::string_view::npos) return std::nullopt;
  const std::string_view text = token.substr(0, last);
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || !equal_secrets(token.substr(last + 1), signature(text))) {
    return std::nullopt;
  }
  Claim claim{std::string(text.substr(0, dot)), 0};
  std::from_chars(text.data() + dot + 1, text.data() + text.size(), claim.resumes);
  return claim;
}

}  // namespace engine::trigger
