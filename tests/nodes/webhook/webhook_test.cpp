#include <doctest/doctest.h>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/value/json.h"
#include "nodes/webhook/jwt.h"
#include "nodes/webhook/multipart.h"
#include "nodes/webhook/request_auth.h"
#include "nodes/webhook/request_item.h"
#include "tests/support/fake_trigger_context.h"

namespace engine::nodes {

NodeType webhook();

namespace {

using test::FakeTriggerContext;

http::ServerRequest request(const std::string& body = "", const std::string& type = "") {
  http::ServerRequest made;
  made.method = "POST";
  made.path = "/webhook/x";
  made.peer = "192.0.2.7";
  made.body = body;
  if (!type.empty()) made.headers.add("Content-Type", type);
  return made;
}

Received receive(FakeTriggerContext& context, const http::ServerRequest& made) {
  const Trigger trigger = webhook().trigger(context);
  return std::get<std::shared_ptr<const WebhookTrigger>>(trigger)->receive(context, {made, {}});
}

Value item(const Received& received) {
  REQUIRE(received.starts.starts.size() == 1);
  return received.starts.starts[0].items[0].json;
}

// {"iss":"me","aud":["you","them"],"exp":1800000000,"nbf":1600000000}, signed with `openssl dgst`.
const std::string kClaims =
    "eyJpc3MiOiJtZSIsImF1ZCI6WyJ5b3UiLCJ0aGVtIl0sImV4cCI6MTgwMDAwMDAwMCwibmJmIjoxNjAwMDAwMDAwfQ";
const std::string kRsaToken =
    "eyJhbGciOiJSUzI1NiJ9." + kClaims +
    "."
    "VfzZbNpxk5YptYR6w9PK0RiDiRGvhSm_cY-wFw2BK1CEUBxHPSLNlRFin9-PsghAPFSALzttC_s1WigH"
    "7cNuxTRCPll6RTS6hsPpcmg0c_ESUrA12FGMgObgsZYyTDyQD2MZREXRjEJ2EHtYMbsnoWtdwewW7vru"
    "hgiN-KQczZhQcCGS9G2_BX60cRDCF2q7JO3PMTJLsh4dsUQJCrEnX59o5fb8ln7h1j4s5nynTmJJy7HJ"
    "UXJl2yVjJzEeTwHsD2HDz2kZiaIoZazLrOUkw01GNErRL49T11LwXcI2vWgm1rjroKcXkd8LIaKKiWnE"
    "4b3ZadRisObITQpv0G8Zaw";
const std::string kRsaKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxFG7SQFWHjrZBQ0tvUvw\n"
    "vjPSiciGnmk/yga5xw2X5xOQcL913FkyJ4/HqoHQ2SVJsHvOrEkaI3HVHsj3gfLx\n"
    "Bfe347NvrcsKDfrSldz+1+ZPMDPLSl/V7zqneQz5Kdn2jZCYzlrA7cblmxe+aBUw\n"
    "TZZx7kQlpEbVWFN4l0LGKDzKOXRfNXDgkcQ8VQRh9yQVmQzE7t4UUvewthOre1I0\n"
    "hpt2l3xYvNkrTfuLKisPieTt1045xLXUqKk4nhpmEw9ttVznnL38TR7OPVI6nfUe\n"
    "I2bMI/xlteFnHow2BshbbWKCnN1WhuNUlnLfZOMQiRqQgpQx33Ocp7hfJvbmzpGR\n"
    "0wIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
const std::string kEcToken =
    "eyJhbGciOiJFUzI1NiJ9." + kClaims +
    "."
    "zsNHnWwVMQ8Gfkjr0z3h3prPPQWet3FFEF9-sp4rdHCI1mxWB-sHKu7yfNMZEpD-dGPuQTIgeQ2Ut30_YiCtCw";
const std::string kEcKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcjcCuV8f40VqqVZGr8Y6s8t62iRR\n"
    "4K5aCGbiNj5oXyMbIK+7qq3R7ugYs+sA5Jb4FuN0/6NXyUJL4wddsD4MBg==\n"
    "-----END PUBLIC KEY-----\n";

}  // namespace

TEST_CASE("a request becomes an item") {
  const NodeType type = webhook();
  FakeTriggerContext context(type, Value::object({{"path", "x"}}));
  http::ServerRequest made = request(R"({"a":1})", "application/json; charset=utf-8");
  made.query = {{"q", "1"}, {"tag", "a"}, {"tag", "b"}};
  made.headers.add("X-Thing", "Yes");
  made.headers.add("Authorization", "Bearer secret");
  const Received received = receive(context, made);
  CHECK(print_json(item(received)) ==
        R"({"method":"POST","url":"/webhook/x?q=1&tag=a&tag=b","path":"/webhook/x","params":{},)"
        R"("query":{"q":"1","tag":["a","b"]},"headers":{"content-type":)"
        R"("application/json; charset=utf-8","x-thing":"Yes"},"body":{"a":1}})");
  CHECK(received.answer.status == 200);
  CHECK(received.answer.body == R"({"received":true})");
}

TEST_CASE("bodies are read by their type") {
  const NodeType type = webhook();
  FakeTriggerContext context(type, Value::object({{"path", "x"}}));
  const auto body = [&](const std::string& text, const std::string& of) {
    return print_json(item(receive(context, request(text, of)))["body"]);
  };
  CHECK(body("a=1&b=x%20y&a=2", "application/x-www-form-urlencoded") ==
        R"({"a":["1","2"],"b":"x y"})");
  CHECK(body("plain", "text/plain") == R"("plain")");
  CHECK(body("", "") == "null");
  CHECK(receive(context, request("{", "application/json")).answer.status == 400);
  CHECK(receive(context, request("{", "application/json")).starts.starts.empty());
}

TEST_CASE("files of a form become binary data") {
  const NodeType type = webhook();
  FakeTriggerContext context(type, Value::object({{"path", "x"}}));
  const std::string form =
      "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHello\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a;b.png\"\r\n"
      "Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n\r\n--B--\r\n";
  const Received received = receive(context, request(form, "multipart/form-data; boundary=B"));
  CHECK(print_json(item(received)["body"]) == R"({"title":"Hello"})");
  const Value photo = received.starts.starts[0].items[0].binary["photo"];
  CHECK(photo.view()["file_name"].as_string() == "a;b.png");
  CHECK(photo.view()["mime_type"].as_string() == "image/png");
  CHECK(context.binaries().read(photo) == "\x89PNG\r\n\r\n");
}

TEST_CASE("broken multipart bodies are refused") {
  for (const char* body : {"", "--B", "--B\r\n", "--B\r\n\r\n", "--B\r\nX\r\n\r\nx\r\n--B--",
                           "--B\r\nA: b\r\n\r\nx", "no boundary at all"}) {
    CAPTURE(body);
    CHECK_THROWS_AS(split_multipart(body, "multipart/form-data; boundary=B"), Error);
  }
  CHECK_THROWS_AS(split_multipart("--B--", "multipart/form-data"), Error);
  CHECK(split_multipart("--B--", "multipart/form-data; boundary=\"B\"").empty());
}

TEST_CASE("who may call") {
  const NodeType type = webhook();
  const auto status = [&](const Value& with, std::map<std::string, Value, std::less<>> credential,
                          const http::Headers& headers, const std::string& body = "x") {
    FakeTriggerContext context(type, with);
    context.credential = std::move(credential);
    http::ServerRequest made = request(body, "text/plain");
    for (const auto& [name, value] : headers) made.headers.add(name, value);
    return receive(context, made).answer.status;
  };
  const auto with = [](const char* auth) { return Value::object({{"path", "x"}, {"auth", auth}}); };
  const auto header = [](const std::string& name, const std::string& value) {
    http::Headers headers;
    headers.add(name, value);
    return headers;
  };
  CHECK(status(with("basic"), {{"user", "a"}, {"password", "b"}},
               header("Authorization", "Basic " + to_base64("a:b"))) == 200);
  CHECK(status(with("basic"), {{"user", "a"}, {"password", "b"}},
               header("Authorization", "Basic " + to_base64("a:c"))) == 401);
  CHECK(status(with("basic"), {{"user", "a"}, {"password", "b"}}, {}) == 401);
  CHECK(status(with("bearer"), {{"token", "t"}}, header("authorization", "bearer t")) == 200);
  CHECK(status(with("bearer"), {{"token", "t"}}, header("Authorization", "Bearer tt")) == 401);
  CHECK(status(with("header"), {{"name", "X-Key"}, {"value", "v"}}, header("x-key", "v")) == 200);
  CHECK(status(with("header"), {{"name", "X-Key"}, {"value", "v"}}, {}) == 403);
  // RFC 2104 over the raw body, as any HMAC tool prints it.
  CHECK(status(with("hmac"), {{"secret", "key"}},
               header("X-Signature",
                      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"),
               "The quick brown fox jumps over the lazy dog") == 200);
  CHECK(status(with("hmac"), {{"secret", "key"}}, header("X-Signature", "f7bc"), "x") == 403);
}

TEST_CASE("a credential of another type lets nobody in") {
  const NodeType type = webhook();
  for (const char* auth : {"basic", "bearer", "header", "hmac", "jwt"}) {
    CAPTURE(auth);
    FakeTriggerContext context(type, Value::object({{"path", "x"}, {"auth", auth}}));
    context.credential = {{"elsewhere", "s"}};
    http::ServerRequest made = request("x", "text/plain");
    made.headers.add("Authorization", std::string_view(auth) == "basic" ? "Basic Og==" : "Bearer ");
    CHECK_THROWS_AS(receive(context, made), Error);
  }
}

TEST_CASE("a JSON Web Token is checked with the algorithm that the node names") {
  // The example of jwt.io: HS256 with "your-256-bit-secret".
  const std::string token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
      "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
      "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
  const TimePoint now = from_ms(1'700'000'000'000);
  CHECK(check_jwt(token, "your-256-bit-secret", {"HS256", "", ""}, now));
  CHECK_FALSE(check_jwt(token, "another", {"HS256", "", ""}, now));
  CHECK_FALSE(check_jwt(token, "your-256-bit-secret", {"HS512", "", ""}, now));
  CHECK_FALSE(check_jwt(token, "your-256-bit-secret", {"HS256", "me", ""}, now));
  CHECK_FALSE(check_jwt(token, "your-256-bit-secret", {"HS256", "", "me"}, now));
  CHECK_FALSE(
      check_jwt(token.substr(0, token.size() - 1), "your-256-bit-secret", {"HS256", "", ""}, now));
  for (const char* junk : {"", "..", "a.b.c", "a.b", "e30.e30."}) {
    CHECK_FALSE(check_jwt(junk, "k", {"HS256", "", ""}, now));
  }
}

TEST_CASE("tokens that are signed with a private key, and what their claims say") {
  const TimePoint now = from_ms(1'700'000'000'000);
  CHECK(check_jwt(kRsaToken, kRsaKey, {"RS256", "me", "them"}, now));
  CHECK(check_jwt(kEcToken, kEcKey, {"ES256", "me", "you"}, now));
  CHECK_FALSE(check_jwt(kRsaToken, kEcKey, {"RS256", "", ""}, now));
  CHECK_FALSE(check_jwt(kEcToken, kRsaKey, {"ES256", "", ""}, now));
  CHECK_FALSE(check_jwt(kEcToken, kEcKey, {"ES256", "", "others"}, now));
  CHECK_FALSE(check_jwt(kEcToken, kEcKey, {"ES256", "you", ""}, now));
  CHECK_FALSE(check_jwt(kEcToken, kEcKey, {"ES256", "", ""}, from_ms(1'800'000'000'000)));
  CHECK_FALSE(check_jwt(kEcToken, kEcKey, {"ES256", "", ""}, from_ms(1'599'999'999'000)));
  std::string changed = kEcToken;
  changed[kEcToken.find('.') + 5] ^= 1;
  CHECK_FALSE(check_jwt(changed, kEcKey, {"ES256", "", ""}, now));
  CHECK_FALSE(check_jwt(kEcToken.substr(0, kEcToken.size() - 8), kEcKey, {"ES256", "", ""}, now));
  // The public key taken for a shared secret, and no signature at all.
  const std::string text = "eyJhbGciOiJIUzI1NiJ9." + kClaims;
  const std::string forged = text + "." + to_base64url(hmac_of("sha256", kRsaKey, text));
  CHECK(check_jwt(forged, kRsaKey, {"HS256", "", ""}, now));
  CHECK_FALSE(check_jwt(forged, kRsaKey, {"RS256", "", ""}, now));
  for (const char* algorithm : {"HS256", "RS256", "ES256"}) {
    CHECK_FALSE(
        check_jwt("eyJhbGciOiJub25lIn0." + kClaims + ".", kRsaKey, {algorithm, "", ""}, now));
  }
}

TEST_CASE("signatures are read as the service writes them") {
  const NodeType type = webhook();
  const auto status = [&](const char* hash, const char* encoding, const std::string& signature) {
    FakeTriggerContext context(type, Value::object({{"path", "x"},
                                                    {"auth", "hmac"},
                                                    {"signature_header", "X-Hub-Signature-256"},
                                                    {"signature_prefix", "v="},
                                                    {"hash", hash},
                                                    {"encoding", encoding}}));
    context.credential = {{"secret", "key"}};
    http::ServerRequest made = request("{}", "application/json");
    made.headers.add("X-Hub-Signature-256", signature);
    return receive(context, made).answer.status;
  };
  for (const char* hash : {"sha1", "sha256", "sha512"}) {
    CAPTURE(hash);
    const std::string mac = hmac_of(hash, "key", "{}");
    CHECK(status(hash, "hex", "v=" + to_hex(mac)) == 200);
    CHECK(status(hash, "base64", "v=" + to_base64(mac)) == 200);
    CHECK(status(hash, "hex", to_hex(mac)) == 403);
    CHECK(status(hash, "hex", "v=" + to_hex(mac).substr(2)) == 403);
    CHECK(status(hash, "base64", "v=" + to_hex(mac)) == 403);
    CHECK(status(hash, "hex", "v=" + to_hex(hmac_of(hash, "key", "{ }"))) == 403);
  }
}

TEST_CASE("a raw body is kept as it came, whatever it says it is") {
  const NodeType type = webhook();
  FakeTriggerContext context(type, Value::object({{"path", "x"}, {"raw", true}}));
  const std::string body("{\"a\": 1,\0}", 10);
  const Received received = receive(context, request(body, "application/json"));
  CHECK(print_json(item(received)["body"]) == "null");
  const Value kept = received.starts.starts[0].items[0].binary["body"];
  CHECK(kept.view()["mime_type"].as_string() == "application/json");
  CHECK(context.binaries().read(kept) == body);
}

TEST_CASE("a form of very many fields takes no longer than its size") {
  const NodeType type = webhook();
  FakeTriggerContext context(type, Value::object({{"path", "x"}}));
  std::string body;
  for (int i = 0; i < 300'000; ++i) body += "f" + std::to_string(i % 200'000) + "=" + "x&";
  const auto begun = std::chrono::steady_clock::now();
  const Value fields =
      item(receive(context, request(body, "application/x-www-form-urlencoded")))["body"];
  // A quadratic way takes minutes.
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
  CHECK(fields.size() == 200'000);
  CHECK(print_json(fields["f7"]) == R"(["x","x"])");
  CHECK(fields["f199999"].as_string() == "x");
}

TEST_CASE("networks") {
  CHECK(in_network("10.1.2.3", "10.0.0.0/8"));
  CHECK_FALSE(in_network("11.1.2.3", "10.0.0.0/8"));
  CHECK(in_network("::ffff:10.1.2.3", "10.0.0.0/8"));
  CHECK(in_network("2001:db8::7", "2001:db8::/32"));
  CHECK(in_network("192.0.2.7", "192.0.2.7"));
  CHECK(in_network("1.2.3.4", "0.0.0.0/0"));
  CHECK_FALSE(in_network("x", "0.0.0.0/0"));
  CHECK_FALSE(is_network("10.0.0.0/33"));
  CHECK_FALSE(is_network("ten"));
}

TEST_CASE("browsers of allowed origins may call") {
  const NodeType type = webhook();
  FakeTriggerContext context(
      type, Value::object({{"path", "x"}, {"origins", Value::array({"https://a.example"})}}));
  http::ServerRequest ask = request();
  ask.method = "OPTIONS";
  ask.headers.add("Access-Control-Request-Method", "POST");
  ask.headers.add("Origin", "https://b.example");
  CHECK(receive(context, ask).answer.status == 403);
  ask.headers.set("Origin", "https://a.example");
  const Received allowed = receive(context, ask);
  CHECK(allowed.answer.status == 204);
  CHECK(allowed.answer.headers.find("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(allowed.starts.starts.empty());
}

}  // namespace engine::nodes
