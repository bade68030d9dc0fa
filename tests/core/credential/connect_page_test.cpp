#include "core/credential/connect_page.h"

#include "tests/core/credential/fake_service.h"

using namespace engine;
using namespace engine::test;

namespace {

constexpr const char* kPublic = "https://flows.example";

// A service where everybody is called as the code says: "code-ann" gives a token for Ann.
struct ConnectDesk : VaultFixture {
  FakeService service;
  SameRandom random;
  http::PooledClient http{clock, random};
  ConnectPage page{*vault, http, clock, kPublic};

  ConnectDesk() {
    service.answer = [this](const FakeService::Form& form) {
      const http::ServerRequest request = service.requests().back();
      if (request.path == "/token") {
        return FakeService::json(200, R"({"access_token":"token-)" + form.at("code") + R"("})");
      }
      const std::string token(request.headers.find("Authorization").value_or(""));
      const std::string name = token.substr(token.rfind('-') + 1);
      return FakeService::json(200, R"({"id":"id-)" + name + R"(","name":"<b>)" + name + R"("})");
    };
    vault->add_profile(
        "acme", "svc",
        Value::object(
            {{"url", service.url()}, {"client_id", "app"}, {"client_secret", "app-secret"}}),
        {"task.*", "a<b>"});
  }

  http::ServerResponse ask(const std::string& method, const std::string& path,
                           const QueryFields& query = {}, const std::string& cookie = "") {
    http::ServerRequest request;
    request.method = method;
    request.path = path;
    request.query = query;
    if (!cookie.empty()) request.headers.set("Cookie", cookie);
    return page.handle(request);
  }
  http::ServerResponse callback(const std::string& state, const std::string& code,
                                const std::string& cookie) {
    return ask("GET", "/oauth2/callback", {{"code", code}, {"state", state}}, cookie);
  }
  std::size_t credentials() const { return vault->list().size(); }
};

struct Begun {
  std::string state;
  std::string cookie;
};

Begun begin(ConnectDesk& desk) {
  const http::ServerResponse response = desk.ask("POST", "/connect/acme");
  REQUIRE(response.status == 303);
  const std::string location(*response.headers.find("Location"));
  const std::size_t at = location.find("state=") + 6;
  const std::string cookie(*response.headers.find("Set-Cookie"));
  return {location.substr(at, location.find('&', at) - at), cookie.substr(0, cookie.find(';'))};
}

}  // namespace

TEST_CASE("the page says what will be allowed, escaped, and holds nothing secret") {
  ConnectDesk desk;
  const http::ServerResponse response = desk.ask("GET", "/connect/acme");
  CHECK(response.status == 200);
  CHECK(has(response.body, "<li>task.*</li>"));
  CHECK(has(response.body, "<li>a&lt;b&gt;</li>"));
  CHECK(has(response.body, "<form method=\"post\"><button>Connect "));
  CHECK_FALSE(has(response.body, "app-secret"));
  CHECK(response.headers.find("X-Frame-Options") == "DENY");
  CHECK(response.headers.find("Cache-Control") == "no-store");
  CHECK(has(std::string(*response.headers.find("Content-Security-Policy")),
            "form-action 'self' " + desk.service.url()));
  CHECK(desk.ask("GET", "/connect/acne").status == 404);
  CHECK_FALSE(has(desk.ask("GET", "/connect/acne").body, "acme"));
  CHECK(desk.ask("GET", "/connect/").status == 404);
  CHECK(desk.ask("PUT", "/connect/acme").status == 405);
}

TEST_CASE("the button sends the browser to the service, with a cookie that scripts cannot read") {
  ConnectDesk desk;
  const http::ServerResponse response = desk.ask("POST", "/connect/acme");
  CHECK(response.status == 303);
  const std::string location(*response.headers.find("Location"));
  CHECK(has(location, desk.service.url() + "/authorize?"));
  CHECK(has(location, "redirect_uri=https%3A%2F%2Fflows.example%2Foauth2%2Fcallback"));
  const std::string cookie(*response.headers.find("Set-Cookie"));
  for (const char* part : {"HttpOnly", "SameSite=Lax", "Secure", "Max-Age=600"}) {
    CHECK(has(cookie, part));
  }
  CHECK_FALSE(has(location, cookie.substr(15, 43)));
}

TEST_CASE("a form of another site is refused") {
  ConnectDesk desk;
  http::ServerRequest request;
  request.method = "POST";
  request.path = "/connect/acme";
  request.headers.set("Origin", "https://evil.example");
  CHECK(desk.page.handle(request).status == 403);
  request.headers.set("Origin", kPublic);
  CHECK(desk.page.handle(request).status == 303);
}

TEST_CASE("an account is connected, named after its profile and user, and shown escaped") {
  ConnectDesk desk;
  const Begun begun = begin(desk);
  const http::ServerResponse response =
      desk.callback(begun.state, "code-ann", "other=1; " + begun.cookie);
  CHECK(response.status == 200);
  CHECK(has(response.body, "&lt;b&gt;ann"));
  CHECK(has(response.body, "'acme-b-ann'") == false);  // quotes are escaped as well
  CHECK(has(response.body, "acme-b-ann"));
  CHECK_FALSE(has(response.body, "token-"));
  const Credential credential = desk.vault->open("acme-b-ann");
  CHECK(credential.profile == "acme");
  CHECK(to_text(credential.fields[kAccessToken]) == "token-code-ann");
  CHECK(to_text(credential.fields[kAccount]) == "id-ann");
}

TEST_CASE("the same account is connected anew, another one beside it") {
  ConnectDesk desk;
  for (const char* code : {"code-ann", "again-ann", "code-bob"}) {
    const Begun begun = begin(desk);
    CHECK(desk.callback(begun.state, code, begun.cookie).status == 200);
  }
  CHECK(desk.credentials() == 2);
  CHECK(to_text(desk.vault->open("acme-b-ann").fields[kAccessToken]) == "token-again-ann");
  CHECK(desk.vault->exists("acme-b-bob"));
}

TEST_CASE("an answer counts once, in the browser that began, within ten minutes") {
  ConnectDesk desk;
  const Begun mine = begin(desk);
  const Begun other = begin(desk);
  CHECK(desk.callback(mine.state, "code-ann", "").status == 400);
  CHECK(desk.callback(mine.state, "code-ann", other.cookie).status == 400);
  CHECK(desk.callback("made-up", "code-ann", mine.cookie).status == 400);
  CHECK(desk.callback("", "code-ann", mine.cookie).status == 400);
  CHECK(desk.credentials() == 0);
  CHECK(desk.callback(mine.state, "code-ann", mine.cookie).status == 200);
  CHECK(desk.callback(mine.state, "code-bob", mine.cookie).status == 400);
  CHECK(desk.credentials() == 1);
  desk.clock.advance(std::chrono::minutes(10));
  CHECK(desk.callback(other.state, "code-bob", other.cookie).status == 400);
  CHECK(desk.credentials() == 1);
}

TEST_CASE("denied consent and a refused code are told, and nothing is stored") {
  ConnectDesk desk;
  const Begun denied = begin(desk);
  const http::ServerResponse response =
      desk.ask("GET", "/oauth2/callback", {{"error", "access_denied"}, {"state", denied.state}},
               denied.cookie);
  CHECK(response.status == 400);
  CHECK(has(response.body, "denied"));
  const Begun refused = begin(desk);
  desk.service.answer = [](const FakeService::Form&) {
    return FakeService::json(400, R"({"error":"invalid_grant"})");
  };
  const http::ServerResponse answer = desk.callback(refused.state, "code-ann", refused.cookie);
  CHECK(answer.status == 400);
  CHECK(has(answer.body, "invalid_grant"));
  CHECK(desk.credentials() == 0);
}

TEST_CASE("what is wrong with the server is no matter of people outside") {
  ConnectDesk desk;
  const auto other = desk.open_vault(VaultFixture::kOtherKey);
  ConnectPage page(*other, desk.http, desk.clock, kPublic);
  http::ServerRequest request;
  request.method = "GET";
  request.path = "/connect/acme";
  const http::ServerResponse response = page.handle(request);
  CHECK(response.status == 500);
  CHECK(has(response.body, "wrong_encryption_key"));
  CHECK_FALSE(has(response.body, "ENGINE_KEY"));
}

TEST_CASE("attempts are bounded, and those that have ended make room") {
  ConnectDesk desk;
  for (std::size_t i = 0; i < ConnectPage::kMostAttempts; ++i) {
    REQUIRE(desk.ask("POST", "/connect/acme").status == 303);
  }
  const http::ServerResponse busy = desk.ask("POST", "/connect/acme");
  CHECK(busy.status == 503);
  CHECK(busy.headers.find("Retry-After") == "60");
  desk.clock.advance(ConnectPage::kLifetime);
  CHECK(desk.ask("POST", "/connect/acme").status == 303);
}
