// Seals the texts of records and opens them again, under the keys at hand.
#pragma once

#include <memory>
#include <string>

#include "core/credential/key_file.h"
#include "core/credential/key_ring.h"

namespace engine {

/// A sealed text, and what it was sealed with.
struct SealedText {
  std::string what;  ///< "The credential 'acme'", for messages
  std::string key_id;
  std::string sealed;
  std::string bound_to;  ///< opens only with the same
};

/// Thread-safe.
class Strongbox {
 public:
  explicit Strongbox(KeySource source) : keys_(std::move(source)) {}

  const KeyRing& keys() const { return keys_; }

  /// The key that `text` names. Throws Error{credential, "wrong_encryption_key"}.
  EncryptionKey key_of(const SealedText& text) const;
  /// Throws also Error{credential, "credential_damaged"}: it is not what was stored.
  std::string open(const SealedText& text) const;

  /// Held while something is sealed and stored, so that no rotation comes between; null with a key
  /// of the environment.
  std::unique_ptr<KeyFileLock> lock(KeyFileLock::Kind kind) const;

 private:
  KeyRing keys_;
};

}  // namespace engine
