// Asks the service whether a credential works, and whose it is.
#pragma once

#include <string>

#include "core/base/cancellation.h"
#include "core/credential/vault.h"
#include "core/http/client.h"

namespace engine {

struct Probe {
  std::string user;     ///< what the service's first answer says, for people ("Ann"); may be empty
  std::string summary;  ///< with the details ("Ann, workspaces Acme, Beta")
  std::string account;  ///< the service's id of the user; empty when the type does not tell
};

/// Nothing is asked of a type without a test. Throws Error{credential, "credential_refused"}, and
/// as http::Client.
Probe probe_credential(const Vault& vault, http::Client& http, const Credential& credential,
                       const Cancellation& cancellation);

}  // namespace engine
