#include <doctest/doctest.h>

#include "core/trigger/resume_token.h"
#include "core/trigger/router.h"

namespace engine::trigger {

TEST_CASE("a resume token says which wait of which execution it is for") {
  const ResumeTokens tokens("a key");
  const std::string token = tokens.sign({"01k9", 3});
  const auto claim = tokens.verify(token);
  REQUIRE(claim);
  CHECK(claim->execution == "01k9");
  CHECK(claim->resumes == 3);
}

TEST_CASE("a token that was changed, or signed with another key, is worth nothing") {
  const ResumeTokens tokens("a key");
  std::string token = tokens.sign({"01k9", 0});
  CHECK_FALSE(ResumeTokens("another key").verify(token));
  CHECK_FALSE(tokens.verify("01k8" + token.substr(4)));
  token.back() = token.back() == '0' ? '1' : '0';
  CHECK_FALSE(tokens.verify(token));
  for (const char* junk : {"", ".", "..", "a", "a.b", "01k9.0.", "01k9.0"}) {
    CHECK_FALSE(tokens.verify(junk));
  }
}

TEST_CASE("a path is split and decoded") {
  CHECK(split_path("/a//b/") == std::vector<std::string>{"a", "b"});
  CHECK(split_path("a%2Fb/c%20d") == std::vector<std::string>{"a/b", "c d"});
  CHECK(split_path("/").empty());
}

TEST_CASE("routes: fixed parts win, parameters take the rest, taken paths are refused") {
  Router router;
  const auto entry = [](const std::string& path, std::vector<std::string> methods) {
    return RouteEntry{split_path(path), std::move(methods), 100, nullptr};
  };
  router.add(entry("/webhook/orders/:id", {"POST"}));
  router.add(entry("/webhook/orders/new", {"POST"}));
  router.add(entry("/webhook/orders/:id", {"GET"}));
  const auto fixed = router.find("POST", "/webhook/orders/new");
  REQUIRE(fixed.entry);
  CHECK(fixed.params.empty());
  const auto any = router.find("POST", "/webhook/orders/a%2Fb");
  REQUIRE(any.entry);
  CHECK(any.params == std::vector<std::pair<std::string, std::string>>{{"id", "a/b"}});
  CHECK(router.find("GET", "/webhook/orders/7").entry);
  const auto other = router.find("DELETE", "/webhook/orders/7");
  CHECK_FALSE(other.entry);
  CHECK(other.allowed.size() == 2);
  CHECK(router.find("POST", "/webhook/orders").allowed.empty());
  CHECK_FALSE(router.find("POST", "/webhook/orders/1/2").entry);
}

}  // namespace engine::trigger
