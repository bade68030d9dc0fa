// The vault: credentials, encrypted in the store (AES-256-GCM), and requests signed with them.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/credential/credential_type.h"
#include "core/store/store.h"

namespace engine {

/// 32 bytes and a short public name derived from them.
class EncryptionKey {
 public:
  /// Base64 or hex of 32 bytes. Throws Error{credential, "bad_encryption_key"}.
  static EncryptionKey parse(std::string_view text);
  static EncryptionKey generate();

  const std::string& id() const { return id_; }
  std::string seal(std::string_view plain, std::string_view bound_to) const;
  /// Throws Error{credential, "wrong_encryption_key"}.
  std::string open(std::string_view sealed, std::string_view bound_to) const;
  std::string text() const;  ///< base64, for the key file

 private:
  std::array<unsigned char, 32> bytes_{};
  std::string id_;
};

/// Where the key comes from: $ENGINE_KEY, else a file 0600 beside the database, made when the first
/// credential is stored.
struct KeySource {
  std::optional<std::string> environment;
  std::filesystem::path file;
};

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

/// Thread-safe.
class Vault {
 public:
  Vault(store::Store& store, const CredentialTypes& types, KeySource source, const Clock& clock);

  /// Checks the fields against the type. Throws Error{credential, "credential_exists"} and
  /// Error{user, "bad_parameter"}.
  void add(const std::string& name, const std::string& type, const Value& fields);
  /// Throws Error{credential, "credential_not_found"} with near names.
  Credential open(std::string_view name) const;
  void replace(const Credential& credential);
  void remove(std::string_view name);
  std::vector<CredentialSummary> list() const;
  bool exists(std::string_view name) const;
  /// The type of a credential, without opening it; empty when there is none.
  std::string type_of(std::string_view name) const;

  /// Re-encrypts everything under a new key. A wrong old key changes nothing.
  void rotate_key();

  /// Signs. Throws Error{credential, "host_not_allowed"} when the request goes elsewhere.
  void sign(const Credential& credential, http::Request& request) const;

 private:
  EncryptionKey key(bool create) const;

  store::Store& store_;
  const CredentialTypes& types_;
  KeySource source_;
  const Clock& clock_;
};

}  // namespace engine
