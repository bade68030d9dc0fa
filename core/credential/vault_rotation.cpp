#include "core/base/error.h"
#include "core/credential/vault.h"
#include "core/credential/vault_records.h"

namespace engine {
namespace {

template <typename Record>
std::vector<std::string> opened_all(const Strongbox& box, const std::vector<Record>& records) {
  std::vector<std::string> plain;
  plain.reserve(records.size());
  for (const Record& record : records) plain.push_back(box.open(sealed_text(record)));
  return plain;
}

template <typename Record>
void seal_all(std::vector<Record>& records, const EncryptionKey& key,
              std::vector<std::string>& plain) {
  for (std::size_t i = 0; i < records.size(); ++i) seal_into(records[i], key, plain[i]);
}

}  // namespace

// The transaction came through but the switch of the files did not: the records name the next key.
void Vault::end_interrupted_rotation(const std::vector<SealedText>& texts) const {
  const auto current = box_.keys().current();
  if (texts.empty() || box_.keys().from_environment()) return;
  const EncryptionKey used = box_.key_of(texts.front());
  if (!current || used.id() != current->id()) box_.keys().finish_rotation();
}

std::string Vault::rotate_key() {
  if (!box_.keys().from_environment()) writing_key();  // before anything is made in its folder
  const auto lock = box_.lock(KeyFileLock::Kind::exclusive);
  constexpr int kMostTries = 5;
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    std::vector<store::CredentialRecord> credentials = store_.list_credentials();
    std::vector<store::ProfileRecord> profiles = store_.list_profiles();
    std::vector<SealedText> texts;
    if (!credentials.empty()) texts.push_back(sealed_text(credentials.front()));
    if (!profiles.empty()) texts.push_back(sealed_text(profiles.front()));
    const auto server_secret = store_.find_setting(kServerSecret);
    if (server_secret) texts.push_back(sealed_text(*server_secret));
    end_interrupted_rotation(texts);
    // All of them, before anything is written.
    std::vector<std::string> credential_texts = opened_all(box_, credentials);
    std::vector<std::string> profile_texts = opened_all(box_, profiles);
    std::string secret = server_secret ? box_.open(sealed_text(*server_secret)) : "";
    const EncryptionKey next = box_.keys().begin_rotation();
    seal_all(credentials, next, credential_texts);
    seal_all(profiles, next, profile_texts);
    std::vector<store::Setting> settings;
    if (server_secret) {
      settings.push_back({std::string(kServerSecret), sealed_setting(next, secret)});
      wipe(secret);
    }
    if (!store_.update_credentials(credentials, profiles, settings)) continue;
    box_.keys().finish_rotation();
    return next.id();
  }
  throw Error(
      ErrorCause::storage, "credential_changed",
      "Credentials kept changing while the key was rotated. Nothing was changed; try again.");
}

}  // namespace engine
