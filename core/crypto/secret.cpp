#include "core/crypto/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "core/base/error.h"
#include "core/crypto/encoding.h"

namespace engine {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw Error(ErrorCause::bug, "no_randomness", "The crypto library gave no random bytes.");
  }
  return bytes;
}

std::string random_secret() {
  return to_base64url(random_bytes(32));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace engine
