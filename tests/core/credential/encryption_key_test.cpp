#include "core/credential/encryption_key.h"

#include <doctest/doctest.h>

#include <functional>

#include "core/base/error.h"

using namespace engine;

namespace {

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a key is read from hex and base64, and is the same key") {
  const EncryptionKey hex =
      EncryptionKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const EncryptionKey base64 =
      EncryptionKey::parse(" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
  CHECK(hex.id() == base64.id());
  CHECK(hex.id().size() == 8);
  CHECK(hex.text() == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  CHECK(EncryptionKey::generate().id() != EncryptionKey::generate().id());
}

TEST_CASE("what is not a key is refused and not repeated") {
  for (const std::string text : {"", "hunter2", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
                                 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8a",
                                 "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                                 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd!h8="}) {
    CAPTURE(text);
    try {
      EncryptionKey::parse(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == "bad_encryption_key");
      CHECK((text.empty() || error.message().find(text) == std::string::npos));
    }
  }
}

TEST_CASE("what is sealed opens with the same key and binding only, and unchanged") {
  const EncryptionKey key = EncryptionKey::generate();
  const std::string sealed = key.seal("secret", "name");
  CHECK(sealed.size() == 12 + 6 + 16);
  CHECK(sealed.find("secret") == std::string::npos);
  CHECK(key.open(sealed, "name") == "secret");
  CHECK(key.seal("secret", "name") != sealed);
  CHECK(key.open(key.seal("", ""), "").empty());
  const auto opens = [&](const EncryptionKey& with, const std::string& text,
                         const std::string& binding) {
    return code_of([&] { with.open(text, binding); });
  };
  CHECK(opens(key, sealed, "other") == "wrong_encryption_key");
  CHECK(opens(EncryptionKey::generate(), sealed, "name") == "wrong_encryption_key");
  CHECK(opens(key, sealed.substr(0, 20), "name") == "wrong_encryption_key");
  CHECK(opens(key, sealed.substr(1), "name") == "wrong_encryption_key");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    CHECK(opens(key, damaged, "name") == "wrong_encryption_key");
  }
}
