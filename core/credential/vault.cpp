#include "core/credential/vault.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/credential/host_rule.h"
#include "core/credential/key_file.h"
#include "core/value/json.h"

namespace engine {
namespace {

using store::CredentialRecord;

// A record only opens under the name and type that it was sealed with.
std::string binding(const CredentialRecord& record) {
  return record.name + '\0' + record.type;
}

void seal_into(CredentialRecord& record, const EncryptionKey& key, std::string& plain) {
  record.key_id = key.id();
  record.sealed = key.seal(plain, binding(record));
  wipe(plain);
}

// Missing ones refused, defaults filled in, unknown ones named.
Value checked_fields(const CredentialType& type, const Value& fields) {
  Parameter all;
  all.name = "fields";
  all.type = ParameterType::object;
  all.children = type.fields;
  return normalise(all, fields.missing() ? Value::object() : fields);
}

void check_name(const std::string& name) {
  constexpr std::size_t kLongest = 100;
  const bool fine =
      !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
      });
  if (fine) return;
  throw Error(ErrorCause::user, "bad_credential_name",
              "A credential's name has 1 to 100 letters, digits, '_', '-' and '.'.");
}

}  // namespace

Vault::Vault(store::Store& store, const CredentialTypes& types, KeySource source,
             const Clock& clock)
    : store_(store), types_(types), keys_(std::move(source)), clock_(clock) {}

const CredentialType& Vault::type_named(const std::string& type) const {
  if (const CredentialType* found = types_.find(type)) return *found;
  throw Error(ErrorCause::credential, "credential_type_unknown",
              "There is no credential type '" + type + "'." + did_you_mean(type, types_.ids()) +
                  " `engine credentials types` lists them.");
}

EncryptionKey Vault::key_for(const CredentialRecord& record) const {
  if (auto key = keys_.find(record.key_id)) return *key;
  const auto current = keys_.current();
  throw Error(ErrorCause::credential, "wrong_encryption_key",
              "The credential '" + record.name + "' is encrypted with the key " + record.key_id +
                  ", but " + keys_.place() +
                  (current ? " holds the key " + current->id() : std::string(" holds none")) +
                  ". Nothing was changed. Give the right key in $ENGINE_KEY, restore the key file, "
                  "or remove the credential and add it again.");
}

// New records get the key of those that are there, so that one key opens all of them.
EncryptionKey Vault::writing_key() const {
  const std::vector<CredentialRecord> records = store_.list_credentials();
  return records.empty() ? keys_.current_or_new() : key_for(records.front());
}

std::string Vault::unseal(const CredentialRecord& record) const {
  const EncryptionKey key = key_for(record);
  try {
    return key.open(record.sealed, binding(record));
  } catch (const Error&) {
    throw Error(ErrorCause::credential, "credential_damaged",
                "The credential '" + record.name +
                    "' in the database is not what was stored, although the key is the right one. "
                    "Remove it and add it again.");
  }
}

void Vault::add(const std::string& name, const std::string& type, const Value& fields) {
  check_name(name);
  std::string plain = print_json(checked_fields(type_named(type), fields));
  const auto taken = [&] {
    throw Error(ErrorCause::credential, "credential_exists",
                "There is a credential '" + name + "' already. Choose another name or remove it.");
  };
  if (exists(name)) taken();
  std::optional<KeyFileLock> lock;
  if (!keys_.from_environment()) {
    std::error_code ignored;  // locking tells
    std::filesystem::create_directories(keys_.file().parent_path(), ignored);
    lock.emplace(keys_.file(), KeyFileLock::Kind::shared);
  }
  CredentialRecord record;
  record.name = name;
  record.type = type;
  record.revision = 1;
  record.created = record.updated = clock_.now();
  seal_into(record, writing_key(), plain);
  if (!store_.add_credential(record)) taken();
}

Credential Vault::open(std::string_view name) const {
  const auto record = store_.find_credential(name);
  if (!record) {
    std::vector<std::string> names;
    for (CredentialRecord& each : store_.list_credentials()) names.push_back(std::move(each.name));
    throw Error(ErrorCause::credential, "credential_not_found",
                "There is no credential '" + std::string(name) + "'." + did_you_mean(name, names) +
                    " `engine credentials add` makes one.");
  }
  Credential credential;
  credential.name = record->name;
  credential.type = &type_named(record->type);
  credential.revision = record->revision;
  std::string plain = unseal(*record);
  credential.fields = parse_json(plain, "a credential");
  wipe(plain);
  return credential;
}

void Vault::replace(const Credential& credential) {
  std::optional<KeyFileLock> lock;
  if (!keys_.from_environment()) lock.emplace(keys_.file(), KeyFileLock::Kind::shared);
  auto record = store_.find_credential(credential.name);
  if (record && record->revision == credential.revision) {
    std::string plain = print_json(checked_fields(type_named(record->type), credential.fields));
    seal_into(*record, key_for(*record), plain);
    record->updated = clock_.now();
    if (store_.update_credential(*record)) return;
  }
  throw Error(ErrorCause::credential, "credential_changed",
              "The credential '" + credential.name +
                  "' was changed or removed by somebody else meanwhile. Try again.");
}

void Vault::remove(std::string_view name) {
  if (!store_.remove_credential(name)) open(name);  // says that there is none, with near names
}

std::vector<CredentialSummary> Vault::list() const {
  std::vector<CredentialSummary> result;
  for (CredentialRecord& record : store_.list_credentials()) {
    result.push_back({std::move(record.name), std::move(record.type), record.created,
                      record.updated, std::move(record.key_id)});
  }
  return result;
}

bool Vault::exists(std::string_view name) const {
  return store_.find_credential(name).has_value();
}

std::string Vault::type_of(std::string_view name) const {
  const auto record = store_.find_credential(name);
  return record ? record->type : "";
}

// The transaction came through but the switch of the files did not: the records name the next key.
void Vault::end_interrupted_rotation(const std::vector<CredentialRecord>& records) const {
  const auto current = keys_.current();
  if (records.empty() || keys_.from_environment()) return;
  const EncryptionKey used = key_for(records.front());
  if (!current || used.id() != current->id()) keys_.finish_rotation();
}

std::string Vault::rotate_key() {
  std::optional<KeyFileLock> lock;
  if (!keys_.from_environment()) {
    writing_key();  // before anything is made in the key's folder
    lock.emplace(keys_.file(), KeyFileLock::Kind::exclusive);
  }
  constexpr int kMostTries = 5;
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    std::vector<CredentialRecord> records = store_.list_credentials();
    end_interrupted_rotation(records);
    // All of them, before anything is written.
    std::vector<std::string> plain;
    plain.reserve(records.size());
    for (const CredentialRecord& record : records) plain.push_back(unseal(record));
    const EncryptionKey next = keys_.begin_rotation();
    for (std::size_t i = 0; i < records.size(); ++i) seal_into(records[i], next, plain[i]);
    if (!store_.update_credentials(records)) continue;
    keys_.finish_rotation();
    return next.id();
  }
  throw Error(
      ErrorCause::storage, "credential_changed",
      "Credentials kept changing while the key was rotated. Nothing was changed; try again.");
}

void Vault::sign(const Credential& credential, http::Request& request) const {
  const CredentialType& type = *credential.type;
  const http::Url url = http::parse_url(request.url);
  const std::vector<std::string> hosts =
      type.hosts ? type.hosts(credential.fields) : std::vector<std::string>{};
  if (!hosts.empty() && !host_allowed(url, hosts)) {
    throw Error(ErrorCause::credential, "host_not_allowed",
                "The credential '" + credential.name + "' may be sent to " + list_names(hosts) +
                    ", and this request goes to '" + url.authority() + "'.");
  }
  if (type.sign) type.sign(credential.fields, request);
}

}  // namespace engine
