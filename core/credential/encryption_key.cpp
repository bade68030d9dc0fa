#include "core/credential/encryption_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>

#include "core/base/error.h"

namespace engine {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text, std::size_t from) {
  return reinterpret_cast<unsigned char*>(text.data()) + from;
}

void check(int result) {
  if (result != 1) {
    throw Error(ErrorCause::bug, "encryption_failed", "The crypto library refused to encrypt.");
  }
}

void fill_random(unsigned char* bytes, std::size_t size) {
  check(RAND_bytes(bytes, static_cast<int>(size)));
}

[[noreturn]] void throw_bad_key() {
  throw Error(
      ErrorCause::credential, "bad_encryption_key",
      "The encryption key must be 32 bytes in base64 (44 characters) or hex (64 characters). "
      "`openssl rand -base64 32` makes one.");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool decode_hex(std::string_view text, unsigned char* bytes) {
  std::size_t size = 0;
  const std::string terminated(text);
  return OPENSSL_hexstr2buf_ex(bytes, 32, &size, terminated.c_str(), '\0') == 1 && size == 32;
}

bool decode_base64(std::string_view text, unsigned char* bytes) {
  std::array<unsigned char, 33> decoded{};  // the padding decodes to a byte that is not ours
  const bool padded = text.size() == 44 && text.back() == '=' && text[42] != '=';
  const bool ok = padded && EVP_DecodeBlock(decoded.data(), bytes_of(text), 44) == 33;
  std::copy_n(decoded.begin(), 32, bytes);
  OPENSSL_cleanse(decoded.data(), decoded.size());
  return ok;
}

}  // namespace

EncryptionKey::EncryptionKey(const Bytes& bytes) : bytes_(bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string named = "engine key id:";
  named.append(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes_of(named), named.size(), digest.data());
  wipe(named);
  for (std::size_t i = 0; i < 4; ++i) {
    id_ += kHex[digest[i] >> 4U];
    id_ += kHex[digest[i] & 15U];
  }
}

EncryptionKey::~EncryptionKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

EncryptionKey EncryptionKey::parse(std::string_view text) {
  text = trimmed(text);
  Bytes bytes{};
  const bool ok =
      text.size() == 64 ? decode_hex(text, bytes.data()) : decode_base64(text, bytes.data());
  if (!ok) throw_bad_key();
  EncryptionKey key(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

EncryptionKey EncryptionKey::generate() {
  Bytes bytes{};
  fill_random(bytes.data(), bytes.size());
  EncryptionKey key(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

std::string EncryptionKey::seal(std::string_view plain, std::string_view bound_to) const {
  std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
  fill_random(bytes_of(sealed, 0), kNonceBytes);
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  check(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_.data(),
                           bytes_of(sealed, 0)));
  check(EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(bound_to),
                          static_cast<int>(bound_to.size())));
  check(EVP_EncryptUpdate(cipher.get(), bytes_of(sealed, kNonceBytes), &size, bytes_of(plain),
                          static_cast<int>(plain.size())));
  check(EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed, kNonceBytes + plain.size()), &size));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                            bytes_of(sealed, kNonceBytes + plain.size())));
  return sealed;
}

std::string EncryptionKey::open(std::string_view sealed, std::string_view bound_to) const {
  const auto fail = [] {
    throw Error(ErrorCause::credential, "wrong_encryption_key",
                "The encryption key does not open this credential.");
  };
  if (sealed.size() < kNonceBytes + kTagBytes) fail();
  const std::size_t length = sealed.size() - kNonceBytes - kTagBytes;
  std::string tag(sealed.substr(kNonceBytes + length));
  std::string plain(length, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  check(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_.data(),
                           bytes_of(sealed)));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, bytes_of(tag, 0)));
  check(EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(bound_to),
                          static_cast<int>(bound_to.size())));
  check(EVP_DecryptUpdate(cipher.get(), bytes_of(plain, 0), &size,
                          bytes_of(sealed.substr(kNonceBytes)), static_cast<int>(length)));
  if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain, length), &size) != 1) {
    wipe(plain);
    fail();
  }
  return plain;
}

std::string EncryptionKey::text() const {
  std::array<unsigned char, 45> text{};
  EVP_EncodeBlock(text.data(), bytes_.data(), static_cast<int>(bytes_.size()));
  std::string result(reinterpret_cast<const char*>(text.data()));
  OPENSSL_cleanse(text.data(), text.size());
  return result;
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace engine
