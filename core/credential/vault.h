// The vault: credentials, encrypted in the store (AES-256-GCM), and requests signed with them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/credential/credential_type.h"
#include "core/credential/key_ring.h"
#include "core/store/store.h"

namespace engine {

/// A credential, opened. Keep it short-lived; never print it.
struct Credential {
  std::string name;
  const CredentialType* type = nullptr;
  Value fields;
  std::int64_t revision = 0;
};

struct CredentialSummary {
  std::string name;
  std::string type;
  TimePoint created;
  TimePoint updated;
  std::string key_id;
};

/// Thread-safe. Secrets are in memory only while they are used. Every function that needs the key
/// throws Error{credential, "wrong_encryption_key"} when the one at hand is another than the
/// records name; nothing is changed then.
class Vault {
 public:
  Vault(store::Store& store, const CredentialTypes& types, KeySource source, const Clock& clock);

  /// Checks the fields against the type. Throws Error{credential, "credential_exists" |
  /// "credential_type_unknown"} and Error{user, "bad_parameter" | "bad_credential_name"}.
  void add(const std::string& name, const std::string& type, const Value& fields);
  /// Throws Error{credential, "credential_not_found"} with near names, and {credential,
  /// "credential_damaged"} when the record is not what was stored.
  Credential open(std::string_view name) const;
  /// Stores changed fields. Throws Error{credential, "credential_changed"} when somebody else was
  /// faster: open it again.
  void replace(const Credential& credential);
  void remove(std::string_view name);
  std::vector<CredentialSummary> list() const;
  bool exists(std::string_view name) const;
  /// The type of a credential, without opening it; empty when there is none.
  std::string type_of(std::string_view name) const;

  /// Re-encrypts everything under a new key in one transaction, and gives the new key's id. A wrong
  /// old key changes nothing. After a crash both keys are still there, and the next call ends what
  /// was begun. A key from $ENGINE_KEY is changed to $ENGINE_NEW_KEY.
  std::string rotate_key();

  /// Signs. Throws Error{credential, "host_not_allowed"} when the request goes elsewhere.
  void sign(const Credential& credential, http::Request& request) const;

 private:
  EncryptionKey key_for(const store::CredentialRecord& record) const;
  EncryptionKey writing_key() const;
  const CredentialType& type_named(const std::string& type) const;
  std::string unseal(const store::CredentialRecord& record) const;
  void end_interrupted_rotation(const std::vector<store::CredentialRecord>& records) const;

  store::Store& store_;
  const CredentialTypes& types_;
  KeyRing keys_;
  const Clock& clock_;
};

}  // namespace engine
