// The OAuth2 client: authorization code with PKCE, client credentials, refresh (RFC 6749, RFC
// 7636).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/time.h"
#include "core/credential/oauth2_settings.h"
#include "core/http/client.h"

namespace engine {

/// What the service gave. Secret.
struct OAuth2Token {
  std::string access_token;
  std::string refresh_token;         ///< empty: none
  std::optional<TimePoint> expires;  ///< nothing: not known to expire
};

/// One attempt to be allowed by somebody. `state` and `verifier` are secret until it is over.
struct Authorization {
  std::string url;  ///< to be opened in a browser
  std::string redirect_url;
  std::string state;
  std::string verifier;  ///< of PKCE; empty without
};

/// Makes state and verifier. Throws Error{credential, "bad_credential_field"} without a client id
/// or with an address that is none.
Authorization begin_authorization(const OAuth2Settings& settings, const std::string& redirect_url);

/// S256 of RFC 7636, section 4.2.
std::string pkce_challenge(const std::string& verifier);

using QueryFields = std::vector<std::pair<std::string, std::string>>;

/// The first value under `name`; empty without one.
std::string value_of(const QueryFields& query, std::string_view name);

/// The code in what came to the redirect URL. Throws Error{credential}: "oauth2_wrong_state",
/// "oauth2_denied", "oauth2_refused" (any other error of the service), "oauth2_no_code".
std::string code_in(const QueryFields& query, const std::string& expected_state);

/// Asks the token endpoint. Safe to call from several threads. Errors hold nothing secret, even
/// when the service repeats it: Error{credential, "oauth2_refused"} for what the service refuses,
/// with "invalid_grant" and the like in the message; "oauth2_bad_answer" for an answer without a
/// token; Error{upstream, "service_failed"} for a status of 5xx; else as http::Client.
class TokenEndpoint {
 public:
  TokenEndpoint(http::Client& http, const Clock& clock) : http_(http), clock_(clock) {}

  OAuth2Token exchange(const OAuth2Settings& settings, const Authorization& authorization,
                       const std::string& code, const Cancellation& cancellation) const;
  OAuth2Token client_credentials(const OAuth2Settings& settings,
                                 const Cancellation& cancellation) const;
  /// The result keeps the refresh token when the service gave no other.
  OAuth2Token refresh(const OAuth2Settings& settings, const std::string& refresh_token,
                      const Cancellation& cancellation) const;

 private:
  OAuth2Token ask(const OAuth2Settings& settings, QueryFields fields,
                  const Cancellation& cancellation) const;

  http::Client& http_;
  const Clock& clock_;
};

}  // namespace engine
