// The key that credentials are encrypted with.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace engine {

/// 32 bytes and a short public name derived from them. The bytes are wiped when it goes.
class EncryptionKey {
 public:
  /// Base64 or hex of 32 bytes. Throws Error{credential, "bad_encryption_key"}.
  static EncryptionKey parse(std::string_view text);
  static EncryptionKey generate();

  EncryptionKey(const EncryptionKey&) = default;
  EncryptionKey& operator=(const EncryptionKey&) = default;
  ~EncryptionKey();

  const std::string& id() const { return id_; }
  /// AES-256-GCM: nonce, ciphertext and tag. Opens only with the same `bound_to`.
  std::string seal(std::string_view plain, std::string_view bound_to) const;
  /// Throws Error{credential, "wrong_encryption_key"}.
  std::string open(std::string_view sealed, std::string_view bound_to) const;
  std::string text() const;  ///< base64, for the key file

 private:
  using Bytes = std::array<unsigned char, 32>;
  explicit EncryptionKey(const Bytes& bytes);

  Bytes bytes_{};
  std::string id_;
};

/// Overwrites a text that held a secret.
void wipe(std::string& secret);

}  // namespace engine
