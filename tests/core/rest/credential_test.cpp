#include <doctest/doctest.h>

#include "core/rest/credential_reader.h"
#include "core/rest/register_packages.h"
#include "core/value/json.h"
#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

namespace {

CredentialType type_named(const std::string& id) {
  for (const rest::PackedCredentialType& type : rest::packed_credential_types()) {
    if (type.id == id) return rest::unpack(type);
  }
  FAIL("no credential type " << id);
  return {};
}

http::Request signed_with(const std::string& type, const std::string& fields,
                          const std::string& url = "https://api.clickup.com/api/v2/user") {
  http::Request request;
  request.url = url;
  type_named(type).sign(parse_json(fields), request);
  return request;
}

std::string authorization(const std::string& type, const std::string& fields) {
  const http::Request request = signed_with(type, fields);
  CHECK(request.secret_headers == std::vector<std::string>{"Authorization"});
  return std::string(request.headers.find("Authorization").value_or("none"));
}

std::vector<std::string> hosts(const std::string& type, const std::string& fields) {
  return type_named(type).hosts(parse_json(fields));
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a personal token of ClickUp is sent bare, however it was pasted") {
  CHECK(authorization("clickup", R"({"auth":"token","token":"pk_1"})") == "pk_1");
  CHECK(authorization("clickup", R"({"token":" Bearer  pk_1\n"})") == "pk_1");
  CHECK(authorization("clickup", R"({"token":"bearer pk_1"})") == "pk_1");
}

TEST_CASE("an OAuth token of ClickUp is sent as a bearer token") {
  CHECK(authorization("clickup", R"({"auth":"oauth2","access_token":"t"})") == "Bearer t");
}

TEST_CASE("a ClickUp credential goes to its own host only") {
  CHECK(hosts("clickup", R"({"token":"pk_1"})") == Names{"api.clickup.com"});
  CHECK(hosts("clickup", R"({"api_url":"http://127.0.0.1:8790/api/"})") == Names{"127.0.0.1"});
  CHECK(error_of([] { hosts("clickup", R"({"api_url":"https://"})"); }).code() == "bad_api_url");
}

TEST_CASE("a ClickUp credential is tested by asking who it is, and where it may work") {
  const CredentialType type = type_named("clickup");
  const Value fields = parse_json(R"({"token":"pk_1","api_url":"http://h:1/api/"})");
  CHECK(type.test(fields).url == "http://h:1/api/v2/user");
  CHECK(type.test_details(fields).url == "http://h:1/api/v2/team");
  CHECK(type.test_summary(answer(R"({"user":{"id":1,"username":"Ann","email":"a@x"}})")) == "Ann");
  CHECK(type.test_summary(answer(R"({"user":{"username":null,"email":"a@x"}})")) == "a@x");
  CHECK(type.test_summary(answer(R"({"teams":[{"name":"Acme"},{"name":"Beta"}]})")) ==
        "workspaces Acme, Beta");
  CHECK(type.test_summary(answer("<html>")).empty());
}

TEST_CASE("ClickUp's app is allowed on its own page, and on that of a stand-in") {
  const CredentialType type = type_named("clickup");
  const auto settings = [&](const std::string& fields) { return type.oauth2(parse_json(fields)); };
  CHECK_FALSE(settings(R"({"auth":"token","token":"pk_1"})"));
  const auto real = settings(R"({"auth":"oauth2","client_id":"a"})");
  REQUIRE(real);
  CHECK(real->authorize_url == "https://app.clickup.com/api");
  CHECK(real->token_url == "https://api.clickup.com/api/v2/oauth/token");
  CHECK(settings(R"({"auth":"oauth2","api_url":"https://api.clickup.com/api/"})")->authorize_url ==
        "https://app.clickup.com/api");
  const auto stand_in = settings(R"({"auth":"oauth2","api_url":"http://h:1/api/"})");
  CHECK(stand_in->authorize_url == "http://h:1/api");
  CHECK(stand_in->token_url == "http://h:1/api/v2/oauth/token");
  CHECK(real->encoding == OAuth2Settings::Encoding::json);
  CHECK_FALSE(real->pkce);
  CHECK_FALSE(real->renewable());  // a 401 is never a reason to refresh
  CHECK(type.oauth2_choice.equals(parse_json(R"({"auth":"oauth2"})")));
  CHECK(type.test_account(answer(R"({"user":{"id":183}})")) == "183");
  CHECK(type.test_account(answer("<html>")).empty());
}

TEST_CASE("the generic type speaks OAuth2 as its fields say") {
  const CredentialType type = type_named("oauth2");
  const auto code = type.oauth2(parse_json(R"({"authorize_url":"https://a.example/x",
      "token_url":"https://a.example/t","client_id":"app","scope":"read","audience":"api"})"));
  REQUIRE(code);
  CHECK(code->grant == OAuth2Settings::Grant::authorization_code);
  CHECK(code->client_auth == OAuth2Settings::ClientAuth::basic);
  CHECK(code->encoding == OAuth2Settings::Encoding::form);
  CHECK(code->pkce);
  CHECK(code->renewable());
  CHECK(code->scope == "read");
  CHECK(code->parameters == std::vector<std::pair<std::string, std::string>>{{"audience", "api"}});
  const auto app = type.oauth2(parse_json(
      R"({"grant":"client_credentials","client_auth":"body","token_url":"https://a.example/t"})"));
  CHECK(app->grant == OAuth2Settings::Grant::client_credentials);
  CHECK(app->client_auth == OAuth2Settings::ClientAuth::body);
  CHECK(authorization("oauth2", R"({"access_token":"t"})") == "Bearer t");
  CHECK(error_of([&] { type.oauth2(parse_json(R"({"grant":"password"})")); }).code() ==
        "bad_credential_field");
}

TEST_CASE("fields are secret unless they say otherwise") {
  const CredentialType type = type_named("clickup");
  CHECK(find_parameter(type.fields, "token")->secret);
  CHECK(find_parameter(type.fields, "access_token")->secret);
  CHECK_FALSE(find_parameter(type.fields, "api_url")->secret);
  CHECK(find_parameter(type_named("basic").fields, "password")->secret);
}

TEST_CASE("the plain types sign as they are called") {
  CHECK(signed_with("header", R"({"name":"X-Key","value":"v 1"})").headers.find("X-Key") == "v 1");
  CHECK(authorization("bearer", R"({"token":"Bearer t"})") == "Bearer t");
  // RFC 7617, section 2.
  CHECK(authorization("basic", R"({"user":"Aladdin","password":"open sesame"})") ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(authorization("basic", R"({"user":"key"})") == "Basic a2V5Og==");
}

TEST_CASE("a secret in the query is encoded, placed before a fragment, and named") {
  const std::string fields = R"({"name":"api_key","value":"a&b="})";
  const http::Request request = signed_with("query", fields, "https://h/x?y=1#z");
  CHECK(request.url == "https://h/x?y=1&api_key=a%26b%3D#z");
  CHECK(request.secret_query == std::vector<std::string>{"api_key"});
  CHECK(signed_with("query", fields, "https://h/x").url == "https://h/x?api_key=a%26b%3D");
}

TEST_CASE("values that would break out of a header are refused without being shown") {
  for (const char* value : {"a\\r\\nX: 1", "a\\nb", "\\u0000"}) {
    const Error error = error_of([&] {
      signed_with("header", std::string(R"({"name":"X-Key","value":")") + value + "\"}");
    });
    CHECK(error.code() == "bad_credential_field");
    CHECK(error.message().find("X: 1") == std::string::npos);
  }
  CHECK(error_of([] { signed_with("header", R"({"name":"X Key:","value":"v"})"); }).code() ==
        "bad_credential_field");
}

TEST_CASE("allowed hosts are what the credential lists, or any") {
  CHECK(hosts("bearer", R"({"token":"t"})").empty());
  CHECK(hosts("bearer", R"({"token":"t","allowed_hosts":["a.test","*.b.test"]})") ==
        Names{"a.test", "*.b.test"});
  CHECK(hosts("header", R"({"allowed_hosts":"https://a.test:8443/x"})") == Names{"a.test"});
}

TEST_CASE("faults of a credential type are told with their places") {
  Diagnostics diagnostics;
  rest::read_credential_type(
      rest::read_yaml_text("credential: x\nfields: { a: { typ: string, clean: soap } }\n"
                           "sign: [{ header: { name: n } }, {}]\ntest: { base: a, call: x }\n",
                           "credential.yaml", diagnostics),
      "credential.yaml", diagnostics);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) text += to_string(diagnostic) + "\n";
  CHECK(text.find("credential.yaml:2:16: Parameter 'a' has no key 'typ'") != std::string::npos);
  CHECK(text.find("The cleaning 'soap' is unknown") != std::string::npos);
  CHECK(text.find("'header' needs 'value'") != std::string::npos);
  CHECK(text.find("A way to sign is one of") != std::string::npos);
  CHECK(text.find("A test is a method and a path") != std::string::npos);
}

TEST_CASE("all declarative credential types are registered") {
  CredentialTypes types;
  rest::register_credential_types(types);
  CHECK(types.ids() == Names{"basic", "bearer", "clickup", "header", "oauth2", "query", "secret"});
}
