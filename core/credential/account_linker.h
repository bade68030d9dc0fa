// Links an account: the last steps of connecting, shared by the command line and the page.
#pragma once

#include <string>

#include "core/base/cancellation.h"
#include "core/credential/oauth2.h"
#include "core/credential/probe.h"
#include "core/credential/vault.h"
#include "core/http/client.h"

namespace engine {

/// What is to be connected.
struct LinkTarget {
  /// Of the credential; one that is there is connected anew. Empty: the one of this profile and
  /// account, else a new one named after both.
  std::string name;
  const CredentialType* type = nullptr;
  Value fields;  ///< of the type, those of the profile included
  std::string profile;

  /// Throws Error{user, "no_oauth2"} when nothing can be obtained with these fields.
  OAuth2Settings settings() const;
};

struct LinkedAccount {
  std::string credential;
  std::string summary;  ///< "Ann, workspaces Acme, Beta"; may be empty
};

/// Obtains a token, asks the service whose it is, and then stores it: nothing is stored unless all
/// went well. Thread-safe.
class AccountLinker {
 public:
  AccountLinker(Vault& vault, http::Client& http, const Clock& clock)
      : vault_(vault), http_(http), clock_(clock) {}

  /// `code` was sent to the redirect URL of `authorization`. Throws as TokenEndpoint, the probe and
  /// the vault.
  LinkedAccount with_code(const LinkTarget& target, const Authorization& authorization,
                          const std::string& code, const Cancellation& cancellation);
  LinkedAccount with_client_credentials(const LinkTarget& target, const Cancellation& cancellation);

 private:
  LinkedAccount finish(const LinkTarget& target, const OAuth2Token& token,
                       const Cancellation& cancellation);
  std::string name_for(const LinkTarget& target, const Probe& probe) const;

  Vault& vault_;
  http::Client& http_;
  const Clock& clock_;
};

}  // namespace engine
