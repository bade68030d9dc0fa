// Keeps the tokens of OAuth2 credentials good: renewed ahead of their end, and after a 401.
//
// One renewal at a time per credential: among threads by a turn, among processes by a short lease
// in the store. Whoever waited reads the record again and uses what the other one got. A new token
// is durable before it is used. When a process dies between the service's answer and the store, the
// next one takes the lease over (at once where it can see that the owner is gone, else when it
// ends) and tries the refresh token that is stored; a service that has rotated it refuses then, and
// the error asks to connect again: that moment cannot be bridged without the service's help.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancellation.h"
#include "core/base/process.h"
#include "core/base/time.h"
#include "core/credential/oauth2.h"
#include "core/credential/single_flight.h"
#include "core/credential/vault.h"
#include "core/store/store.h"

namespace engine {

struct TokenKeeperOptions {
  std::int64_t owner = process_identity();  ///< of leases
  std::function<bool(std::int64_t owner)> alive = process_alive;
  /// Waits for another process; false when cancelled first.
  std::function<bool(Milliseconds, const Cancellation&)> wait =
      [](Milliseconds time, const Cancellation& cancellation) {
        return cancellation.wait_for(time);
      };
};

/// Thread-safe; one per process and store.
class TokenKeeper {
 public:
  /// `http` is called when a token endpoint has to be asked.
  TokenKeeper(Vault& vault, store::Store& store, std::function<http::Client&()> http,
              const Clock& clock, TokenKeeperOptions options = {});

  /// Renews the token when it ends within a minute, or when a client that needs nobody's consent
  /// has none yet; true when `credential` was replaced. Does nothing for credentials whose tokens
  /// are not renewed. A token that is still good is kept when the service cannot be reached.
  /// Throws Error{credential, "token_not_renewed"} that names the credential, else as
  /// TokenEndpoint and Vault.
  bool renew_if_due(Credential& credential, const Cancellation& cancellation);

  /// After an answer 401: true when `credential` has another token now and the request may be sent
  /// again. A token that is younger than half a minute is believed: the 401 has other reasons then.
  bool renew_refused(Credential& credential, const Cancellation& cancellation);

 private:
  bool renew(Credential& credential, const Cancellation& cancellation);
  bool take_lease(const std::string& name);
  void give_lease_back(const std::string& name);
  OAuth2Token fetch(const Credential& credential, const OAuth2Settings& settings);
  void store_token(Credential& credential, const OAuth2Token& token, const Value& used_refresh);

  Vault& vault_;
  store::Store& store_;
  const std::function<http::Client&()> http_;
  const Clock& clock_;
  const TokenKeeperOptions options_;
  SingleFlight flights_;
};

/// `fields` with what a token is made of; the parts that it does not have are removed.
Value with_token(const Value& fields, const CredentialType& type, const OAuth2Token& token);

}  // namespace engine
