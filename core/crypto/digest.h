// Hashes and message authentication codes, from OpenSSL. Results are raw bytes; see encoding.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace engine {

/// Whether this OpenSSL has the hash: "md5", "sha1", "sha256", "sha512", "sha3-256", …
bool has_hash(const std::string& algorithm);

/// A hash of data that comes in pieces. Throws Error{bug, "crypto_failed"} when there is no such
/// algorithm. Used by one thread.
class Hash {
 public:
  explicit Hash(const std::string& algorithm);
  ~Hash();
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  void add(std::string_view bytes);
  std::string finish();  ///< once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same with a secret: HMAC (RFC 2104).
class Hmac {
 public:
  Hmac(const std::string& algorithm, std::string_view secret);
  ~Hmac();
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;

  void add(std::string_view bytes);
  std::string finish();  ///< once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string hash_of(const std::string& algorithm, std::string_view bytes);
/// The same as hash_of("sha256", bytes), for what every start of the engine does: the first use of
/// OpenSSL's other functions loads its configuration and its providers, which takes a millisecond.
std::string sha256_of(std::string_view bytes);
std::string hmac_of(const std::string& algorithm, std::string_view secret, std::string_view bytes);

}  // namespace engine
