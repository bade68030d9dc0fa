#include "core/http/signature.h"

#include <doctest/doctest.h>

namespace engine::http {
namespace {

TEST_CASE("signatures are those of ClickUp's guide and of RFC 4231") {
  CHECK(hmac_sha256_hex("secret", R"({"webhook_id":"7689a169-a000-4985-8676-6902b96d6627",)"
                                  R"("event":"taskCreated","task_id":"c0j"})") ==
        "4830bf524f6e29a3e8da953936c6f21c1fea2b9669b825d3e1be293ef3416c8c");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("secrets are compared whole") {
  CHECK(same_secret("", ""));
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "abcd"));
}

}  // namespace
}  // namespace engine::http
