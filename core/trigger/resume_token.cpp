#include "core/trigger/resume_token.h"

#include <charconv>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"

namespace engine::trigger {

std::string ResumeTokens::signature(std::string_view text) const {
  return to_hex(hmac_of("sha256", key_, text).substr(0, 20));
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
  if (dot == std::string_view::npos || !same_secret(token.substr(last + 1), signature(text))) {
    return std::nullopt;
  }
  Claim claim{std::string(text.substr(0, dot)), 0};
  std::from_chars(text.data() + dot + 1, text.data() + text.size(), claim.resumes);
  return claim;
}

}  // namespace engine::trigger
