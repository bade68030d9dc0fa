#include "core/credential/vault.h"

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/credential/host_rule.h"
#include "core/credential/vault_records.h"
#include "core/value/json.h"

namespace engine {

using store::CredentialRecord;

Vault::Vault(store::Store& store, const CredentialTypes& types, KeySource source,
             const Clock& clock)
    : store_(store), types_(types), box_(std::move(source)), clock_(clock) {}

const CredentialType& Vault::type_named(const std::string& type) const {
  if (const CredentialType* found = types_.find(type)) return *found;
  throw Error(ErrorCause::credential, "credential_type_unknown",
              "There is no credential type '" + type + "'." + did_you_mean(type, types_.ids()) +
                  " `engine credentials types` lists them.");
}

// New records get the key of those that are there, so that one key opens all of them.
EncryptionKey Vault::writing_key() const {
  const std::vector<CredentialRecord> credentials = store_.list_credentials();
  if (!credentials.empty()) return box_.key_of(sealed_text(credentials.front()));
  const std::vector<store::ProfileRecord> profiles = store_.list_profiles();
  if (!profiles.empty()) return box_.key_of(sealed_text(profiles.front()));
  if (const auto secret = store_.find_setting(kServerSecret))
    return box_.key_of(sealed_text(*secret));
  return box_.keys().current_or_new();
}

Value Vault::opened(const SealedText& text) const {
  std::string plain = box_.open(text);
  Value fields = parse_json(plain, "a credential");
  wipe(plain);
  return fields;
}

Value Vault::profile_fields(const std::string& profile) const {
  return profile.empty() ? Value::object() : open_profile(profile).fields;
}

// What is stored of an account: all that is not the profile's.
Value Vault::checked_account(const CredentialType& type, const Value& profile,
                             const Value& fields) const {
  const Value all = checked_fields(type, merged(fields, profile));
  const auto oauth2 = type.oauth2 ? type.oauth2(all) : std::nullopt;
  if (oauth2 && oauth2->client_id.empty() && !all[kAccessToken].given()) {
    Error error(ErrorCause::user, "bad_parameter",
                "An access token is needed, or a client id and a client secret to get one with.");
    error.where.parameter = kAccessToken;
    throw error;
  }
  return without_members(all, profile);
}

void Vault::add(const std::string& name, const std::string& type, const Value& fields,
                const std::string& profile) {
  check_record_name(name, "credential");
  std::string plain =
      print_json(checked_account(type_named(type), profile_fields(profile), fields));
  const auto taken = [&] {
    throw Error(ErrorCause::credential, "credential_exists",
                "There is a credential '" + name + "' already. Choose another name or remove it.");
  };
  if (exists(name)) taken();
  const auto lock = box_.lock(KeyFileLock::Kind::shared);
  CredentialRecord record;
  record.name = name;
  record.type = type;
  record.revision = 1;
  record.created = record.updated = clock_.now();
  record.profile = profile;
  seal_into(record, writing_key(), plain);
  if (!store_.add_credential(record)) taken();
}

void Vault::check_ready(const std::string& name) const {
  check_record_name(name, "credential");
  const bool sealed = !store_.list_credentials().empty() || !store_.list_profiles().empty() ||
                      store_.find_setting(kServerSecret);
  if (sealed) writing_key();
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
  credential.profile = record->profile;
  credential.updated = record->updated;
  credential.fields = merged(opened(sealed_text(*record)), profile_fields(record->profile));
  return credential;
}

void Vault::replace(const Credential& credential) {
  const Value profile = profile_fields(credential.profile);
  const auto lock = box_.lock(KeyFileLock::Kind::shared);
  auto record = store_.find_credential(credential.name);
  if (record && record->revision == credential.revision && record->profile == credential.profile) {
    std::string plain =
        print_json(checked_account(type_named(record->type), profile, credential.fields));
    seal_into(*record, box_.key_of(sealed_text(*record)), plain);
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
                      record.updated, std::move(record.key_id), std::move(record.profile)});
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

void Vault::require_token(const Credential& credential) {
  const CredentialType& type = *credential.type;
  const bool missing = type.oauth2 && !credential.fields[kAccessToken].given();
  if (!missing || !type.oauth2(credential.fields)) return;
  throw Error(ErrorCause::credential, "credential_not_connected",
              "The credential '" + credential.name +
                  "' has no access token yet. Connect it: `engine credentials connect " +
                  credential.name + "`.");
}

void Vault::sign(const Credential& credential, http::Request& request) const {
  const CredentialType& type = *credential.type;
  const http::Url url = http::parse_url(request.url);
  const std::vector<std::string> hosts =
      type.hosts ? type.hosts(credential.fields) : std::vector<std::string>{};
  if (!hosts.empty() && !host_allowed(url, hosts)) {
    throw Error(ErrorCause::credential, "host_not_allowed",
                "The credential '" + credential.name + "' may be sent to " + list_names(hosts) +
                    ", and this request goes to '" + url.authority() +
                    "'. Check the URL, or store the credential again with this host among those "
                    "it may be sent to.");
  }
  require_token(credential);
  if (type.sign) type.sign(credential.fields, request);
}

}  // namespace engine
