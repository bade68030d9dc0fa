#include "core/http/redirect.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/http/server.h"
#include "tests/support/http_ports.h"

using namespace engine;
using namespace engine::http;

namespace {

Response answer(int status, const std::string& location) {
  Response response;
  response.status = status;
  response.headers.add("Location", location);
  return response;
}

Request post() {
  Request request;
  request.method = "POST";
  request.url = "https://a.example/x?token=1";
  request.body = Body::text("{}", "application/json");
  request.headers.add("Authorization", "secret");
  request.headers.add("X-Key", "secret");
  request.headers.add("X-Other", "kept");
  request.secret_headers = {"X-Key"};
  request.secret_query = {"token"};
  return request;
}

Request follow(int status, const std::string& location) {
  const Request request = post();
  return redirected(request, parse_url(request.url), answer(status, location));
}

}  // namespace

TEST_CASE("the method after a redirect is the one its status says") {
  struct Case {
    int status;
    const char* before;
    const char* after;
  };
  for (const Case c : {Case{301, "POST", "GET"},
                       {302, "POST", "GET"},
                       {303, "POST", "GET"},
                       {307, "POST", "POST"},
                       {308, "POST", "POST"},
                       {301, "PUT", "PUT"},
                       {303, "DELETE", "GET"},
                       {303, "HEAD", "HEAD"},
                       {302, "HEAD", "HEAD"}}) {
    CAPTURE(c.status);
    Request request = post();
    request.method = c.before;
    const Request next = redirected(request, parse_url(request.url), answer(c.status, "/y"));
    CHECK(next.method == c.after);
    CHECK(next.body.empty() == (std::string(c.after) == "GET"));
  }
  CHECK_FALSE(is_redirect(answer(304, "/")));
  CHECK_FALSE(is_redirect(Response{301, "", {}, "", ""}));
}

TEST_CASE("secrets stay with the origin they were for") {
  const Request same = follow(307, "/y?token=1");
  CHECK(same.headers.find("Authorization") == "secret");
  CHECK(same.url == "https://a.example/y?token=1");
  for (const char* elsewhere : {"https://b.example", "https://a.example:444"}) {
    const Request next = follow(307, std::string(elsewhere) + "/y?a=1&token=1&b=2");
    CHECK_FALSE(next.headers.find("Authorization").has_value());
    CHECK_FALSE(next.headers.find("X-Key").has_value());
    CHECK(next.headers.find("X-Other") == "kept");
    CHECK(next.url == std::string(elsewhere) + "/y?a=1&b=2");
  }
}

TEST_CASE("a redirect never leaves https, and never leads to an odd place") {
  for (const char* location : {"http://a.example/", "ftp://a.example/", "https://u:p@a.example/",
                               "https://a.example:99999/"}) {
    CAPTURE(location);
    CHECK_THROWS_AS(follow(302, location), Error);
  }
}

TEST_CASE("what may be private for one host is not for those that it redirects to") {
  Request request = post();
  const auto target = [&](const char* location) {
    return redirected(request, parse_url(request.url), answer(307, location));
  };
  CHECK(target("https://b.example/").private_addresses);
  request.private_redirects = false;
  CHECK(target("https://a.example:8443/").private_addresses);
  const Request elsewhere = target("https://169.254.169.254/");
  CHECK_FALSE(elsewhere.private_addresses);
  const Request back =
      redirected(elsewhere, parse_url(elsewhere.url), answer(307, "https://a.example/"));
  CHECK_FALSE(back.private_addresses);
}

TEST_CASE("redirects are followed up to their limit") {
  Server server({}, [](const ServerRequest& request) {
    ServerResponse response;
    const int number = std::stoi(request.path.substr(1));
    response.body = std::to_string(number);
    if (number > 0) {
      response.status = 302;
      response.headers.add("Location", std::to_string(number - 1) + "?key=s3cret");
    }
    return response;
  });
  test::TestClient client;
  const std::string origin = "http://127.0.0.1:" + std::to_string(server.port());
  Request request;
  request.url = origin + "/5";
  request.secret_query = {"key"};
  const Response response = client.send(request);
  CHECK(response.body == "0");
  CHECK(response.url == origin + "/0?key=***");
  request.url = origin + "/6";
  CHECK_THROWS_WITH_AS(client.send(request),
                       ("GET " + origin + ": more than 5 redirects, one after the other.").c_str(),
                       Error);
  request.max_redirects = 0;
  CHECK(client.send(request).status == 302);
}
