// The key on disk: one file, 0600, that several processes may want to make at once.
#pragma once

#include <filesystem>
#include <optional>

#include "core/credential/encryption_key.h"

namespace engine {

/// A lock between processes, held while it lives. Advisory, on a file beside the key file.
class KeyFileLock {
 public:
  enum class Kind { shared, exclusive };
  KeyFileLock(const std::filesystem::path& key_file, Kind kind);
  ~KeyFileLock();
  KeyFileLock(const KeyFileLock&) = delete;
  KeyFileLock& operator=(const KeyFileLock&) = delete;

 private:
  int fd_;
};

/// Nothing when there is no such file. Throws Error{credential, "key_file_exposed"} when others may
/// read it, and Error{credential, "bad_encryption_key"}.
std::optional<EncryptionKey> read_key_file(const std::filesystem::path& file);

/// Makes the file with this key, durably, and gives the key that is in it afterwards: another
/// process may have been faster. Throws Error{storage, "key_file_failed"}.
EncryptionKey create_key_file(const std::filesystem::path& file, const EncryptionKey& key);

/// Puts `from` in the place of `to`, durably.
void replace_key_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace engine
