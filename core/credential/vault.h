// The vault: credentials and profiles, encrypted in the store (AES-256-GCM), and requests signed
// with them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/credential/credential_type.h"
#include "core/credential/strongbox.h"
#include "core/store/store.h"

namespace engine {

/// A credential, opened. Keep it short-lived; never print it.
struct Credential {
  std::string name;
  const CredentialType* type = nullptr;
  Value fields;  ///< those of its profile included
  std::int64_t revision = 0;
  std::string profile{};  ///< empty: none
  TimePoint updated{};
};

struct CredentialSummary {
  std::string name;
  std::string type;
  TimePoint created;
  TimePoint updated;
  std::string key_id;
  std::string profile{};
};

/// An OAuth app, entered once for any number of accounts. Opened; never print its fields.
struct Profile {
  std::string name;
  const CredentialType* type = nullptr;
  Value fields;                      ///< of the type, without those of an account
  std::vector<std::string> allowed;  ///< patterns of operations; empty: all
  std::int64_t revision = 0;
};

struct ProfileSummary {
  std::string name;
  std::string type;
  std::vector<std::string> allowed;
  std::vector<std::string> credentials;  ///< made through it
  TimePoint updated;
  std::string key_id;
};

/// Thread-safe. Secrets are in memory only while they are used. Every function that needs the key
/// throws Error{credential, "wrong_encryption_key"} when the one at hand is another than the
/// records name; nothing is changed then.
class Vault {
 public:
  Vault(store::Store& store, const CredentialTypes& types, KeySource source, const Clock& clock);

  /// Checks the fields against the type. With a profile they are those of the account only. Throws
  /// Error{credential, "credential_exists" | "credential_type_unknown" | "profile_not_found"} and
  /// Error{user, "bad_parameter" | "bad_credential_name"}.
  void add(const std::string& name, const std::string& type, const Value& fields,
           const std::string& profile = "");
  /// Throws what `add` would throw for this name and the key, before people are sent elsewhere to
  /// get what is to be stored.
  void check_ready(const std::string& name) const;
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

  /// Throws as `add`, and Error{user, "no_oauth2"} for a type that gets no tokens.
  void add_profile(const std::string& name, const std::string& type, const Value& fields,
                   const std::vector<std::string>& allowed);
  /// Throws Error{credential, "profile_not_found"} with near names.
  Profile open_profile(std::string_view name) const;
  /// Stores changed fields and patterns; credentials keep their accounts. Throws as `replace`.
  void replace_profile(const Profile& profile);
  /// Throws Error{credential, "profile_in_use"} while credentials were made through it.
  void remove_profile(std::string_view name);
  std::vector<ProfileSummary> list_profiles() const;

  /// Why a credential must not be used for a node type: its profile does not allow the operation.
  /// Empty when it may. Needs no key.
  std::string refusal(std::string_view credential, std::string_view node_type) const;

  /// 32 bytes that stay the same for a purpose, derived from a secret of this database that is made
  /// at first use and stored sealed. Throws Error{credential, "wrong_encryption_key"}.
  std::string server_secret(std::string_view purpose);

  /// Re-encrypts everything under a new key in one transaction, and gives the new key's id. A wrong
  /// old key changes nothing. After a crash both keys are still there, and the next call ends what
  /// was begun. A key from $ENGINE_KEY is changed to $ENGINE_NEW_KEY.
  std::string rotate_key();

  /// Throws Error{credential, "credential_not_connected"} while a token has to be obtained.
  static void require_token(const Credential& credential);
  /// Signs. Throws Error{credential, "host_not_allowed"} when the request goes elsewhere, and as
  /// require_token.
  void sign(const Credential& credential, http::Request& request) const;

 private:
  EncryptionKey writing_key() const;
  const CredentialType& type_named(const std::string& type) const;
  Value opened(const SealedText& text) const;
  Value profile_fields(const std::string& profile) const;
  Value checked_account(const CredentialType& type, const Value& profile,
                        const Value& fields) const;
  void end_interrupted_rotation(const std::vector<SealedText>& texts) const;

  store::Store& store_;
  const CredentialTypes& types_;
  Strongbox box_;
  const Clock& clock_;
};

/// Whether a pattern ("task.*", "comment.create", "*", also "clickup.task.*") covers a node type;
/// patterns are relative to the package, the first part of the type.
bool operation_allowed(std::string_view node_type, const std::vector<std::string>& patterns);

}  // namespace engine
