// The functions for SHA-256 alone, the only ones that need no provider, are marked as deprecated.
#define OPENSSL_API_COMPAT 0x10101000L

#include "core/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <array>

#include "core/base/error.h"

namespace engine {
namespace {

template <typename T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
using Algorithm = std::unique_ptr<EVP_MD, Release<EVP_MD, EVP_MD_free>>;
using HashRun = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Release<EVP_MAC, EVP_MAC_free>>;
using MacRun = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX, EVP_MAC_CTX_free>>;

void require(bool succeeded) {
  if (succeeded) return;
  throw Error(ErrorCause::bug, "crypto_failed", "The crypto library refused the operation.");
}

Algorithm named(const std::string& algorithm) {
  return Algorithm(EVP_MD_fetch(nullptr, algorithm.c_str(), nullptr));
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string as_text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

bool has_hash(const std::string& algorithm) {
  return named(algorithm) != nullptr;
}

struct Hash::State {
  Algorithm algorithm;
  HashRun run;
};

Hash::Hash(const std::string& algorithm)
    : state_(new State{named(algorithm), HashRun(EVP_MD_CTX_new())}) {
  require(state_->algorithm && state_->run &&
          EVP_DigestInit_ex(state_->run.get(), state_->algorithm.get(), nullptr) == 1);
}

Hash::~Hash() = default;

void Hash::add(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->run.get(), bytes.data(), bytes.size()) == 1);
}

std::string Hash::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(state_->run.get(), result.data(), &size) == 1);
  return as_text(result.data(), size);
}

struct Hmac::State {
  Mac mac;
  MacRun run;
};

Hmac::Hmac(const std::string& algorithm, std::string_view secret) : state_(new State{}) {
  state_->mac.reset(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  require(state_->mac != nullptr);
  state_->run.reset(EVP_MAC_CTX_new(state_->mac.get()));
  std::string name = algorithm;
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_end()};
  // An empty key is allowed, a null pointer is not.
  const char* key = secret.empty() ? "" : secret.data();
  require(state_->run &&
          EVP_MAC_init(state_->run.get(), reinterpret_cast<const unsigned char*>(key),
                       secret.size(), parameters.data()) == 1);
}

Hmac::~Hmac() = default;

void Hmac::add(std::string_view bytes) {
  require(EVP_MAC_update(state_->run.get(), bytes_of(bytes), bytes.size()) == 1);
}

std::string Hmac::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  std::size_t size = 0;
  require(EVP_MAC_final(state_->run.get(), result.data(), &size, result.size()) == 1);
  return as_text(result.data(), size);
}

std::string hash_of(const std::string& algorithm, std::string_view bytes) {
  Hash hash(algorithm);
  hash.add(bytes);
  return hash.finish();
}

std::string sha256_of(std::string_view bytes) {
  SHA256_CTX run;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> result{};
  require(SHA256_Init(&run) == 1 && SHA256_Update(&run, bytes.data(), bytes.size()) == 1 &&
          SHA256_Final(result.data(), &run) == 1);
  return as_text(result.data(), result.size());
}

std::string hmac_of(const std::string& algorithm, std::string_view secret, std::string_view bytes) {
  Hmac hmac(algorithm, secret);
  hmac.add(bytes);
  return hmac.finish();
}

}  // namespace engine
