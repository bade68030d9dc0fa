#include "nodes/webhook/jwt.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

// JOSE signs with r and s side by side, OpenSSL wants them as DER.
std::string ecdsa_der(const std::string& signature) {
  if (signature.size() != 64) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(), ECDSA_SIG_free);
  if (ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes, 32, nullptr),
                     BN_bin2bn(bytes + 32, 32, nullptr)) != 1) {
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string result(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return result;
}

bool verify_public(const std::string& pem, std::string_view text, const std::string& signature,
                   bool elliptic) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> source(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key || (EVP_PKEY_base_id(key.get()) == EVP_PKEY_EC) != elliptic) return false;
  const std::string bytes = elliptic ? ecdsa_der(signature) : signature;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                          bytes.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

bool verify(std::string_view signed_text, const std::string& signature, const std::string& key,
            const std::string& algorithm) {
  if (algorithm == "RS256" || algorithm == "ES256") {
    return verify_public(key, signed_text, signature, algorithm == "ES256");
  }
  return same_secret(signature, hmac_of("sha" + algorithm.substr(2), key, signed_text));  // HS256
}

bool has_audience(View audience, const std::string& wanted) {
  if (audience.is_string()) return audience.as_string() == wanted;
  for (const View each : audience.elements()) {
    if (each.as_string() == wanted) return true;
  }
  return false;
}

bool check_claims(View claims, const JwtRules& rules, TimePoint now) {
  const double seconds = static_cast<double>(to_ms(now)) / 1000;
  const auto expires = claims["exp"].as_number();
  const auto not_before = claims["nbf"].as_number();
  if (claims["exp"].given() && (!expires || *expires <= seconds)) return false;
  if (claims["nbf"].given() && (!not_before || *not_before > seconds)) return false;
  if (!rules.issuer.empty() && claims["iss"].as_string() != rules.issuer) return false;
  return rules.audience.empty() || has_audience(claims["aud"], rules.audience);
}

}  // namespace

bool check_jwt(std::string_view token, const std::string& key, const JwtRules& rules,
               TimePoint now) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.size() > 16U << 10U) return false;
  const auto header = from_base64url(token.substr(0, first));
  const auto claims = from_base64url(token.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(token.substr(last + 1));
  if (!header || !claims || !signature) return false;
  try {
    // The algorithm is ours to choose, not the token's: "none" and swapped ones are attacks.
    if (parse_json(*header).view()["alg"].as_string() != rules.algorithm) return false;
    return verify(token.substr(0, last), *signature, key, rules.algorithm) &&
           check_claims(parse_json(*claims), rules, now);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace engine::nodes
