#include "core/credential/strongbox.h"

#include "core/base/error.h"

namespace engine {

EncryptionKey Strongbox::key_of(const SealedText& text) const {
  if (auto key = keys_.find(text.key_id)) return *key;
  const auto current = keys_.current();
  throw Error(ErrorCause::credential, "wrong_encryption_key",
              text.what + " is encrypted with the key " + text.key_id + ", but " + keys_.place() +
                  (current ? " holds the key " + current->id() : std::string(" holds none")) +
                  ". Nothing was changed. Give the right key in $ENGINE_KEY, restore the key file, "
                  "or remove it and add it again.");
}

std::string Strongbox::open(const SealedText& text) const {
  const EncryptionKey key = key_of(text);
  try {
    return key.open(text.sealed, text.bound_to);
  } catch (const Error&) {
    throw Error(ErrorCause::credential, "credential_damaged",
                text.what +
                    " in the database is not what was stored, although the key is the right one. "
                    "Remove it and add it again.");
  }
}

std::unique_ptr<KeyFileLock> Strongbox::lock(KeyFileLock::Kind kind) const {
  if (keys_.from_environment()) return nullptr;
  std::error_code ignored;  // locking tells
  std::filesystem::create_directories(keys_.file().parent_path(), ignored);
  return std::make_unique<KeyFileLock>(keys_.file(), kind);
}

}  // namespace engine
