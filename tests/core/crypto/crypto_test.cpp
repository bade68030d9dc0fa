#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"

namespace engine {

TEST_CASE("hashes are those of FIPS 180 and RFC 1321") {
  CHECK(to_hex(hash_of("sha256", "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(hash_of("md5", "")) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(sha256_of("abc") == hash_of("sha256", "abc"));
  CHECK(sha256_of({}) == hash_of("sha256", {}));
  Hash pieces("sha256");
  pieces.add("a");
  pieces.add("");
  pieces.add("bc");
  CHECK(pieces.finish() == hash_of("sha256", "abc"));
}

TEST_CASE("signatures are those of RFC 4231 and of ClickUp's guide") {
  CHECK(to_hex(hmac_of("sha256", "Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac_of("sha256", "secret",
                       R"({"webhook_id":"7689a169-a000-4985-8676-6902b96d6627",)"
                       R"("event":"taskCreated","task_id":"c0j"})")) ==
        "4830bf524f6e29a3e8da953936c6f21c1fea2b9669b825d3e1be293ef3416c8c");
  // RFC 2202 has no empty key; this is what `openssl dgst -sha1 -hmac ""` prints for no data.
  CHECK(to_hex(hmac_of("sha1", "", "")) == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

TEST_CASE("an algorithm that is not there is told before it is used") {
  CHECK(has_hash("sha512"));
  CHECK_FALSE(has_hash("sha7"));
  CHECK_THROWS_AS(Hash("sha7"), Error);
}

TEST_CASE("base64 is that of RFC 4648, section 10") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64url("\xfb\xff") == "-_8");
  CHECK(from_base64url("-_8") == "\xfb\xff");
  CHECK(from_base64url("") == "");
  for (const char* bad : {"Z", "Zg==", "+/8", "Zm 8", "Zh", "Zm9v\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64url(bad).has_value());
  }
}

TEST_CASE("secrets are long, never the same, and compared whole") {
  CHECK(random_secret().size() == 43);
  CHECK(random_secret() != random_secret());
  CHECK(random_bytes(5).size() == 5);
  CHECK(same_secret("", ""));
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "abcd"));
}

}  // namespace engine
