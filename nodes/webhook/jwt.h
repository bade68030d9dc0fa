// JSON Web Tokens (RFC 7519).
#pragma once

#include <string>
#include <string_view>

#include "core/base/time.h"

namespace engine::nodes {

struct JwtRules {
  std::string algorithm;  ///< HS256, HS384, HS512, RS256, ES256: no other is taken
  std::string issuer;     ///< empty: any
  std::string audience;   ///< empty: any
};
/// `key` is the shared secret, or for RS256 and ES256 a public key (PEM). Checks signature, `exp`,
/// `nbf`, `iss` and `aud`; false also for what is no token.
bool check_jwt(std::string_view token, const std::string& key, const JwtRules& rules,
               TimePoint now);

}  // namespace engine::nodes
