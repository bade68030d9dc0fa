// Fields of credentials and profiles, as commands are given them.
#pragma once

#include <string>
#include <vector>

#include "core/credential/vault.h"

namespace engine::cli {

class Session;

/// Throws Error{user, "unknown_credential_type"} with near names.
const CredentialType& find_credential_type(Session& session, const std::string& name);

/// `given` are NAME=VALUE, with "-" asked for or read; `from_env` are NAME=VARIABLE. Throws
/// Error{user} for names that the type does not have, and for values that are not there.
Value gather_fields(const CredentialType& type, const std::vector<std::string>& given,
                    const std::vector<std::string>& from_env);

/// Throws Error{user, "missing_field"} that names all required fields that are not there, and how
/// to give them.
void check_complete(const CredentialType& type, const Value& fields);

/// Whether a token has still to be obtained for it.
bool needs_connecting(const Credential& credential);

}  // namespace engine::cli
