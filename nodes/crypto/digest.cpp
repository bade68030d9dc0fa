#include "nodes/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <memory>

#include "core/base/error.h"

namespace engine::nodes {
namespace {

template <typename T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Release<EVP_MAC, EVP_MAC_free>>;
using MacRun = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX, EVP_MAC_CTX_free>>;

void require(bool succeeded) {
  if (succeeded) return;
  throw Error(ErrorCause::bug, "crypto_failed", "The crypto library refused the operation.");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string as_text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::string hash_of(const std::string& algorithm, const Pieces& data) {
  const EVP_MD* kind = EVP_get_digestbyname(algorithm.c_str());
  const Digest digest(EVP_MD_CTX_new());
  require(kind != nullptr && digest && EVP_DigestInit_ex(digest.get(), kind, nullptr) == 1);
  data([&](std::string_view piece) {
    require(EVP_DigestUpdate(digest.get(), piece.data(), piece.size()) == 1);
  });
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(digest.get(), result.data(), &size) == 1);
  return as_text(result.data(), size);
}

std::string hmac_of(const std::string& algorithm, std::string_view secret, const Pieces& data) {
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  require(mac != nullptr);
  const MacRun run(EVP_MAC_CTX_new(mac.get()));
  std::string name = algorithm;
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_end()};
  // An empty key is allowed (RFC 2104), a null pointer is not.
  const std::string key = std::string(secret) + '\0';
  require(run && EVP_MAC_init(run.get(), bytes_of(key), secret.size(), parameters.data()) == 1);
  data([&](std::string_view piece) {
    require(EVP_MAC_update(run.get(), bytes_of(piece), piece.size()) == 1);
  });
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  std::size_t size = 0;
  require(EVP_MAC_final(run.get(), result.data(), &size, result.size()) == 1);
  return as_text(result.data(), size);
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  require(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

std::string random_letters(std::size_t count) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < count) {
    for (const char byte : random_bytes(count - text.size())) {
      // 248 is the last multiple of 62; more would make some letters likelier.
      const auto number = static_cast<unsigned char>(byte);
      if (number < 248) text += kLetters[number % kLetters.size()];
    }
  }
  return text;
}

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = to_hex(bytes);
  for (const std::size_t place : {20U, 16U, 12U, 8U}) text.insert(place, "-");
  return text;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace engine::nodes
