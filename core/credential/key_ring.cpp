#include "core/credential/key_ring.h"

#include "core/base/error.h"
#include "core/credential/key_file.h"

namespace engine {

namespace {

EncryptionKey from_variable(const char* name, const std::string& text) try {
  return EncryptionKey::parse(text);
} catch (const Error& error) {
  throw Error(error.cause(), error.code(),
              "$" + std::string(name) + " is not a key. " + error.message());
}

}  // namespace

std::optional<EncryptionKey> KeyRing::current() const {
  if (source_.environment) return from_variable("ENGINE_KEY", *source_.environment);
  return read_key_file(source_.file);
}

std::optional<EncryptionKey> KeyRing::next() const {
  if (!source_.environment) return read_key_file(next_file());
  if (!source_.next_environment) return std::nullopt;
  return from_variable("ENGINE_NEW_KEY", *source_.next_environment);
}

std::optional<EncryptionKey> KeyRing::find(std::string_view id) const {
  std::optional<EncryptionKey> key = current();
  if (!key || key->id() != id) key = next();
  // A rotation may have ended between the two looks.
  if (!key || key->id() != id) key = current();
  return key && key->id() == id ? key : std::nullopt;
}

EncryptionKey KeyRing::current_or_new() const {
  if (auto key = current()) return *key;
  return create_key_file(source_.file, EncryptionKey::generate());
}

EncryptionKey KeyRing::begin_rotation() const {
  if (!source_.environment) {
    std::error_code absent;
    std::filesystem::remove(next_file(), absent);
    return create_key_file(next_file(), EncryptionKey::generate());
  }
  if (!source_.next_environment) {
    throw Error(
        ErrorCause::credential, "new_key_missing",
        "The key comes from $ENGINE_KEY, so the new one must come from $ENGINE_NEW_KEY: set it "
        "to 32 random bytes in base64 (`openssl rand -base64 32`), run this again, and then "
        "set $ENGINE_KEY to it.");
  }
  return from_variable("ENGINE_NEW_KEY", *source_.next_environment);
}

void KeyRing::finish_rotation() const {
  if (!source_.environment) replace_key_file(next_file(), source_.file);
}

std::string KeyRing::place() const {
  return source_.environment ? "$ENGINE_KEY" : "the key file '" + source_.file.string() + "'";
}

}  // namespace engine
