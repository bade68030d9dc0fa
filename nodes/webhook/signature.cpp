#include "nodes/webhook/signature.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <memory>

#include "core/base/error.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

const EVP_MD* digest_named(std::string_view name) {
  if (name == "sha1") return EVP_sha1();
  if (name == "sha512" || name.ends_with("512")) return EVP_sha512();
  if (name.ends_with("384")) return EVP_sha384();
  return EVP_sha256();
}

std::string hmac(const EVP_MD* digest, const std::string& key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (HMAC(digest, key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(),
           &size) == nullptr) {
    throw Error(ErrorCause::bug, "crypto_failed", "OpenSSL could not compute a signature.");
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

// Base64url without padding (RFC 7515); nothing for other text.
std::optional<std::string> decode_base64url(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  const std::size_t padding = (4 - plain.size() % 4) % 4;
  plain.append(padding, '=');
  std::string bytes(plain.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  if (size < 0 || padding == 3) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

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
  const std::string wanted = hmac(digest_named(algorithm), key, signed_text);
  return wanted.size() == signature.size() &&
         CRYPTO_memcmp(wanted.data(), signature.data(), wanted.size()) == 0;
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

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::string hmac_text(std::string_view hash, const std::string& secret, std::string_view text,
                      bool as_base64) {
  const std::string bytes = hmac(digest_named(hash), secret, text);
  if (as_base64) return base64(bytes);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return hex;
}

bool check_jwt(std::string_view token, const std::string& key, const JwtRules& rules,
               TimePoint now) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.size() > 16U << 10U) return false;
  const auto header = decode_base64url(token.substr(0, first));
  const auto claims = decode_base64url(token.substr(first + 1, last - first - 1));
  const auto signature = decode_base64url(token.substr(last + 1));
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
