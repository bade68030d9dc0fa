// What the parts of the vault share about records. Private to core/credential.
#pragma once

#include <algorithm>
#include <string>

#include "core/credential/credential_type.h"
#include "core/credential/strongbox.h"
#include "core/store/store.h"

namespace engine {

/// A record only opens under the name, type and profile that it was sealed with.
inline SealedText sealed_text(const store::CredentialRecord& record) {
  std::string bound = record.name + '\0' + record.type;
  if (!record.profile.empty()) bound += '\0' + record.profile;
  return {"The credential '" + record.name + "'", record.key_id, record.sealed, std::move(bound)};
}

/// No name of a credential begins with a zero, so neither opens as the other.
inline SealedText sealed_text(const store::ProfileRecord& record) {
  std::string bound = std::string(1, '\0') + record.name + '\0' + record.type + '\0' + record.allow;
  return {"The profile '" + record.name + "'", record.key_id, record.sealed, std::move(bound)};
}

/// The setting that holds the server's secret: "key_id:sealed", the latter in base64.
constexpr std::string_view kServerSecret = "server_secret";

/// Throws Error{credential, "credential_damaged"} when it is not what was stored.
SealedText sealed_text(const std::string& server_secret);
std::string sealed_setting(const EncryptionKey& key, const std::string& server_secret);

/// Wipes `plain`.
template <typename Record>
void seal_into(Record& record, const EncryptionKey& key, std::string& plain) {
  record.key_id = key.id();
  record.sealed = key.seal(plain, sealed_text(record).bound_to);
  wipe(plain);
}

/// Throws Error{user, "bad_credential_name"}.
void check_record_name(const std::string& name, const char* what);

/// `base` with the members of `more` set.
Value merged(const Value& base, const Value& more);

/// `fields` without the members that `other` has.
Value without_members(const Value& fields, const Value& other);

}  // namespace engine
