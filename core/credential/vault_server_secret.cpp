#include "core/base/error.h"
#include "core/credential/vault.h"
#include "core/credential/vault_records.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"

namespace engine {

SealedText sealed_text(const std::string& server_secret) {
  const std::size_t colon = server_secret.find(':');
  const auto sealed = from_base64url(
      colon == std::string::npos ? "" : std::string_view(server_secret).substr(colon + 1));
  return {"The secret of this server", server_secret.substr(0, colon), sealed.value_or(""),
          std::string(kServerSecret)};
}

std::string sealed_setting(const EncryptionKey& key, const std::string& server_secret) {
  return key.id() + ":" + to_base64url(key.seal(server_secret, kServerSecret));
}

std::string Vault::server_secret(std::string_view purpose) {
  const auto lock = box_.lock(KeyFileLock::Kind::shared);
  auto stored = store_.find_setting(kServerSecret);
  if (!stored) {
    std::string made = random_bytes(32);
    // Another process may be faster; then its secret counts.
    store_.add_setting(kServerSecret, sealed_setting(writing_key(), made));
    wipe(made);
    stored = store_.find_setting(kServerSecret);
  }
  std::string secret = box_.open(sealed_text(*stored));
  std::string derived = hmac_of("sha256", secret, purpose);
  wipe(secret);
  return derived;
}

}  // namespace engine
