#include "core/credential/oauth2.h"

#include "tests/core/credential/fake_service.h"

using namespace engine;
using namespace engine::test;

namespace {

constexpr const char* kRedirect = "http://127.0.0.1:8791/oauth2/callback";

std::string query_value(const std::string& url, const std::string& name) {
  const std::size_t at = url.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return http::percent_decode(url.substr(begin, url.find('&', begin) - begin), true);
}

struct ExchangeDesk {
  FakeService service;
  TestClient client;
  TokenEndpoint endpoint{client.client, client.clock};
  OAuth2Settings settings = settings_at(service.url());

  OAuth2Token exchange(const Authorization& authorization = {"", kRedirect, "s", "v"}) {
    return endpoint.exchange(settings, authorization, "the-code", client.cancellation);
  }
  void answers(int status, const std::string& body) {
    service.answer = [=](const FakeService::Form&) { return FakeService::json(status, body); };
  }
};

}  // namespace

TEST_CASE("the challenge of PKCE is that of RFC 7636, appendix B") {
  CHECK(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("an authorize URL has all that the service needs, encoded") {
  OAuth2Settings settings = settings_at("https://auth.example");
  settings.authorize_url += "?access_type=offline";
  settings.scope = "read write";
  settings.pkce = true;
  settings.parameters = {{"audience", "https://api.example/"}, {"empty", ""}};
  const Authorization one = begin_authorization(settings, kRedirect);
  CHECK(one.url.rfind("https://auth.example/authorize?access_type=offline&", 0) == 0);
  CHECK(query_value(one.url, "response_type") == "code");
  CHECK(query_value(one.url, "client_id") == "app");
  CHECK(query_value(one.url, "redirect_uri") == kRedirect);
  CHECK(query_value(one.url, "scope") == "read write");
  CHECK(query_value(one.url, "audience") == "https://api.example/");
  CHECK(query_value(one.url, "state") == one.state);
  CHECK(query_value(one.url, "code_challenge") == pkce_challenge(one.verifier));
  CHECK(query_value(one.url, "code_challenge_method") == "S256");
  CHECK_FALSE(has(one.url, "empty="));
  CHECK_FALSE(has(one.url, "app-secret"));
  CHECK_FALSE(has(one.url, one.verifier));
  CHECK(one.state.size() == 43);
  const Authorization other = begin_authorization(settings, kRedirect);
  CHECK(other.state != one.state);
  CHECK(other.verifier != one.verifier);
  settings.pkce = false;
  CHECK_FALSE(has(begin_authorization(settings, kRedirect).url, "code_challenge"));
}

TEST_CASE("an authorize URL is not made of settings that cannot work") {
  OAuth2Settings settings = settings_at("https://auth.example");
  settings.client_id = "";
  CHECK(has(error_from([&] { begin_authorization(settings, kRedirect); }).message(), "client_id"));
  settings.client_id = "app";
  settings.authorize_url = "javascript:alert(1)";
  CHECK(error_from([&] { begin_authorization(settings, kRedirect); }).code() ==
        "bad_credential_field");
}

TEST_CASE("what comes back from the browser is checked, state first") {
  CHECK(code_in({{"code", "c"}, {"state", "right"}}, "right") == "c");
  const auto refused = [](const QueryFields& query) {
    const Error error = error_from([&] { code_in(query, "right"); });
    CHECK(error.cause() == ErrorCause::credential);
    return error.code();
  };
  CHECK(refused({{"code", "c"}, {"state", "wrong"}}) == "oauth2_wrong_state");
  CHECK(refused({{"code", "c"}}) == "oauth2_wrong_state");
  CHECK(refused({{"error", "access_denied"}, {"state", "wrong"}}) == "oauth2_wrong_state");
  CHECK(refused({{"error", "access_denied"}, {"state", "right"}}) == "oauth2_denied");
  CHECK(refused({{"error", "server_error"}, {"state", "right"}}) == "oauth2_refused");
  CHECK(refused({{"state", "right"}}) == "oauth2_no_code");
}

TEST_CASE("a code is exchanged with the client in the body, as a form") {
  ExchangeDesk desk;
  desk.answers(200, R"({"access_token":"t1","refresh_token":"r1","expires_in":3600})");
  const TimePoint now = desk.client.clock.now();
  const OAuth2Token token = desk.exchange();
  CHECK(token.access_token == "t1");
  CHECK(token.refresh_token == "r1");
  CHECK(token.expires == now + std::chrono::hours(1));
  const auto forms = desk.service.forms();
  REQUIRE(forms.size() == 1);
  CHECK(forms[0] == FakeService::Form{{"grant_type", "authorization_code"},
                                      {"code", "the-code"},
                                      {"redirect_uri", kRedirect},
                                      {"code_verifier", "v"},
                                      {"client_id", "app"},
                                      {"client_secret", "app-secret"}});
}

TEST_CASE("a client that authenticates by header keeps its secret out of the body") {
  ExchangeDesk desk;
  desk.settings.client_auth = OAuth2Settings::ClientAuth::basic;
  desk.settings.client_secret = "a:b&c";
  desk.answers(200, R"({"access_token":"t1","expires_in":"60"})");
  CHECK(desk.endpoint.client_credentials(desk.settings, {}).expires ==
        desk.client.clock.now() + std::chrono::seconds(60));
  const http::ServerRequest request = desk.service.requests().at(0);
  // base64 of "app:a%3Ab%26c"
  CHECK(request.headers.find("Authorization") == "Basic YXBwOmElM0FiJTI2Yw==");
  CHECK(request.body == "grant_type=client_credentials");
}

TEST_CASE("a service that wants JSON and only some parameters gets just these") {
  ExchangeDesk desk;
  desk.settings.encoding = OAuth2Settings::Encoding::json;
  desk.settings.omit = {"grant_type", "redirect_uri"};
  desk.answers(200, R"({"access_token":"t1"})");
  const OAuth2Token token = desk.exchange({"", kRedirect, "s", ""});
  CHECK_FALSE(token.expires);
  CHECK(token.refresh_token.empty());
  const http::ServerRequest request = desk.service.requests().at(0);
  CHECK(request.headers.find("Content-Type") == "application/json");
  CHECK(parse_json(request.body)
            .equals(parse_json(
                R"({"code":"the-code","client_id":"app","client_secret":"app-secret"})")));
}

TEST_CASE("a refresh keeps the refresh token when the service gives no other") {
  ExchangeDesk desk;
  desk.answers(200, R"({"access_token":"t2"})");
  CHECK(desk.endpoint.refresh(desk.settings, "r1", {}).refresh_token == "r1");
  desk.answers(200, R"({"access_token":"t2","refresh_token":"r2"})");
  CHECK(desk.endpoint.refresh(desk.settings, "r1", {}).refresh_token == "r2");
}

TEST_CASE("what the token endpoint refuses is told with a hint and without secrets") {
  ExchangeDesk desk;
  desk.settings.hints = {{"invalid_client", "Copy both again."}};
  desk.answers(401, R"({"error":"invalid_client",
                        "error_description":"app-secret or the-code\nis wrong"})");
  const Error error = error_from([&] { desk.exchange(); });
  CHECK(error.cause() == ErrorCause::credential);
  CHECK(error.code() == "oauth2_refused");
  CHECK(error.http_status == 401);
  CHECK(error.message() ==
        "The token endpoint of the service answered 401 invalid_client \"*** or *** is wrong\". "
        "Copy both again.");
  CHECK(desk.service.forms().size() == 1);  // a code is not sent twice
}

TEST_CASE("answers that hold no token are errors, whatever they look like") {
  ExchangeDesk desk;
  const auto code = [&](int status, const std::string& body) {
    desk.answers(status, body);
    return error_from([&] { desk.exchange(); }).code();
  };
  CHECK(code(200, "<html>") == "oauth2_bad_answer");
  CHECK(code(200, "[]") == "oauth2_bad_answer");
  CHECK(code(200, R"({"access_token":null})") == "oauth2_bad_answer");
  CHECK(code(200, R"({"error":"invalid_grant"})") == "oauth2_refused");
  CHECK(code(302, "") == "oauth2_refused");
  CHECK(code(500, "oops") == "service_failed");
}

TEST_CASE("an end that cannot be is no end") {
  ExchangeDesk desk;
  for (const char* seconds : {"-1", "0", "1e30", "\"soon\"", "null", "9223372036854775807"}) {
    desk.answers(200, std::string(R"({"access_token":"t","expires_in":)") + seconds + "}");
    CHECK_FALSE(desk.exchange().expires);
  }
}
