#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/credential/vault.h"
#include "core/credential/vault_records.h"
#include "core/value/json.h"

namespace engine {
namespace {

using store::ProfileRecord;

std::string allow_text(const std::vector<std::string>& patterns) {
  std::vector<Value> values(patterns.begin(), patterns.end());
  return print_json(Value::array(values));
}

std::vector<std::string> patterns_in(const std::string& allow) {
  const Value list = parse_json(allow, "the operations of a profile");
  std::vector<std::string> patterns;
  for (const View pattern : list.View::elements()) patterns.emplace_back(pattern.as_string());
  return patterns;
}

// '*' stands for any text.
bool matches(std::string_view text, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= text.size(); ++at) {
    if (matches(text.substr(at), rest)) return true;  // NOLINT(misc-no-recursion): short patterns
  }
  return false;
}

// The fields of an app: what belongs to an account is not among them.
Value checked_app(const CredentialType& type, const Value& fields) {
  if (!type.oauth2) {
    throw Error(ErrorCause::user, "no_oauth2",
                "The credential type '" + type.id +
                    "' has no OAuth2, so there is nothing to make a profile of.");
  }
  for (const char* name : {kAccessToken, kRefreshToken, kExpiresAt, kAccount}) {
    if (fields[name].missing()) continue;
    throw Error(ErrorCause::user, "bad_parameter",
                "The field '" + std::string(name) +
                    "' belongs to an account, not to a profile. Leave it out.");
  }
  Value all = checked_fields(type, merged(fields, type.oauth2_choice));
  const auto settings = type.oauth2(all);
  const bool secret_needed = settings && !settings->pkce && settings->client_secret.empty();
  if (!settings || settings->client_id.empty() || secret_needed) {
    throw Error(ErrorCause::user, "bad_parameter",
                "A profile needs the client id and the client secret of the app: --field "
                "client_id=… --field client_secret=-");
  }
  return all;
}

}  // namespace

bool operation_allowed(std::string_view node_type, const std::vector<std::string>& patterns) {
  const std::size_t dot = node_type.find('.');
  const std::string_view operation =
      dot == std::string_view::npos ? node_type : node_type.substr(dot + 1);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return matches(node_type, pattern) ||
           (dot != std::string_view::npos && matches(operation, pattern));
  });
}

void Vault::add_profile(const std::string& name, const std::string& type, const Value& fields,
                        const std::vector<std::string>& allowed) {
  check_record_name(name, "profile");
  std::string plain = print_json(checked_app(type_named(type), fields));
  const auto lock = box_.lock(KeyFileLock::Kind::shared);
  ProfileRecord record;
  record.name = name;
  record.type = type;
  record.allow = allow_text(allowed);
  record.revision = 1;
  record.created = record.updated = clock_.now();
  seal_into(record, writing_key(), plain);
  if (store_.add_profile(record)) return;
  throw Error(ErrorCause::credential, "profile_exists",
              "There is a profile '" + name +
                  "' already. Choose another name, or change it: `engine profiles set " + name +
                  "`.");
}

Profile Vault::open_profile(std::string_view name) const {
  const auto record = store_.find_profile(name);
  if (!record) {
    std::vector<std::string> names;
    for (ProfileRecord& each : store_.list_profiles()) names.push_back(std::move(each.name));
    throw Error(ErrorCause::credential, "profile_not_found",
                "There is no profile '" + std::string(name) + "'." + did_you_mean(name, names) +
                    " `engine profiles add` makes one.");
  }
  return {record->name, &type_named(record->type), opened(sealed_text(*record)),
          patterns_in(record->allow), record->revision};
}

void Vault::replace_profile(const Profile& profile) {
  const auto lock = box_.lock(KeyFileLock::Kind::shared);
  auto record = store_.find_profile(profile.name);
  if (record && record->revision == profile.revision) {
    std::string plain = print_json(checked_app(*profile.type, profile.fields));
    const EncryptionKey key = box_.key_of(sealed_text(*record));
    record->allow = allow_text(profile.allowed);
    seal_into(*record, key, plain);
    record->updated = clock_.now();
    if (store_.update_profile(*record)) return;
  }
  throw Error(ErrorCause::credential, "credential_changed",
              "The profile '" + profile.name +
                  "' was changed or removed by somebody else meanwhile. Try again.");
}

void Vault::remove_profile(std::string_view name) {
  if (store_.remove_profile(name)) return;
  std::vector<std::string> users;
  for (CredentialSummary& credential : list()) {
    if (credential.profile == name) users.push_back(std::move(credential.name));
  }
  if (users.empty()) open_profile(name);  // says that there is none, with near names
  throw Error(ErrorCause::credential, "profile_in_use",
              "The profile '" + std::string(name) + "' is what " + list_names(users) +
                  (users.size() == 1 ? " was" : " were") +
                  " connected through. Remove these credentials first.");
}

std::vector<ProfileSummary> Vault::list_profiles() const {
  const std::vector<CredentialSummary> credentials = list();
  std::vector<ProfileSummary> result;
  for (ProfileRecord& record : store_.list_profiles()) {
    ProfileSummary summary{record.name, record.type,    patterns_in(record.allow),
                           {},          record.updated, record.key_id};
    for (const CredentialSummary& credential : credentials) {
      if (credential.profile == record.name) summary.credentials.push_back(credential.name);
    }
    result.push_back(std::move(summary));
  }
  return result;
}

std::string Vault::refusal(std::string_view credential, std::string_view node_type) const {
  const auto record = store_.find_credential(credential);
  if (!record || record->profile.empty()) return "";
  const auto profile = store_.find_profile(record->profile);
  if (!profile) {
    return "The profile '" + record->profile + "' of the credential '" + record->name +
           "' is gone. Add it again, or use another credential.";
  }
  const std::vector<std::string> allowed = patterns_in(profile->allow);
  if (allowed.empty() || operation_allowed(node_type, allowed)) return "";
  return "The credential '" + record->name + "' was made through the profile '" + profile->name +
         "', which does not allow '" + std::string(node_type) + "'; it allows " +
         list_names(allowed) + ". Use another credential, or allow it: `engine profiles set " +
         profile->name + " --allow " + std::string(node_type) + " …`.";
}

}  // namespace engine
