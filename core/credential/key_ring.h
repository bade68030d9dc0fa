// The keys at hand: the one in use, and during a rotation the one that follows it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/credential/encryption_key.h"

namespace engine {

/// Where the key comes from: $ENGINE_KEY, else a file 0600 beside the database, made when the first
/// credential is stored.
struct KeySource {
  std::optional<std::string> environment;
  std::filesystem::path file;
  std::optional<std::string> next_environment;  ///< $ENGINE_NEW_KEY, for a rotation of $ENGINE_KEY
};

/// Reads the source at every call, because other processes may rotate the key. Thread-safe.
class KeyRing {
 public:
  explicit KeyRing(KeySource source) : source_(std::move(source)) {}

  /// Nothing when no key was made yet. Throws as read_key_file and EncryptionKey::parse.
  std::optional<EncryptionKey> current() const;
  /// The key of this name, if it is at hand: the current one or the next.
  std::optional<EncryptionKey> find(std::string_view id) const;
  EncryptionKey current_or_new() const;

  /// The key to change to: $ENGINE_NEW_KEY, or a new one that is written beside the key file first.
  /// Throws Error{credential, "new_key_missing"}.
  EncryptionKey begin_rotation() const;
  /// From here on the next key is the current one.
  void finish_rotation() const;

  bool from_environment() const { return source_.environment.has_value(); }
  const std::filesystem::path& file() const { return source_.file; }
  /// "$ENGINE_KEY", or the key file, for messages.
  std::string place() const;

 private:
  std::optional<EncryptionKey> next() const;
  std::filesystem::path next_file() const { return source_.file.string() + ".new"; }

  const KeySource source_;
};

}  // namespace engine
