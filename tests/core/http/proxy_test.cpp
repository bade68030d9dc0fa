#include "core/http/proxy.h"

#include <doctest/doctest.h>

#include <map>

#include "core/base/error.h"
#include "tests/support/http_ports.h"
#include "tests/support/http_raw.h"

using namespace engine;
using namespace engine::http;

namespace {

ProxySettings settings(const std::map<std::string, std::string>& variables) {
  return ProxySettings([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string proxy_of(const ProxySettings& proxies, const std::string& url) {
  const Proxy* proxy = proxies.find(parse_url(url));
  return proxy == nullptr ? "none" : proxy->host + ":" + std::to_string(proxy->port);
}

}  // namespace

TEST_CASE("proxies are chosen by scheme, lower case first") {
  const ProxySettings proxies = settings(
      {{"http_proxy", "http://one:1"}, {"HTTP_PROXY", "two:2"}, {"HTTPS_PROXY", "three:3"}});
  CHECK(proxy_of(proxies, "http://h/") == "one:1");
  CHECK(proxy_of(proxies, "https://h/") == "three:3");
  CHECK(proxy_of(settings({{"all_proxy", "http://all:9/"}}), "https://h/") == "all:9");
  CHECK(proxy_of(settings({}), "http://h/") == "none");
}

TEST_CASE("exceptions name hosts, domains and ports; this machine is always one") {
  const ProxySettings proxies = settings(
      {{"http_proxy", "p:1"}, {"no_proxy", "a.example, .b.example,*.c.example ,d.example:81"}});
  for (const char* direct : {"http://a.example/", "http://x.a.example/", "http://b.example/",
                             "http://x.b.example/", "http://y.c.example/", "http://d.example:81/",
                             "http://localhost/", "http://127.0.0.1/", "http://[::1]/"}) {
    CAPTURE(direct);
    CHECK(proxy_of(proxies, direct) == "none");
  }
  for (const char* through : {"http://xa.example/", "http://d.example/", "http://example/"}) {
    CAPTURE(through);
    CHECK(proxy_of(proxies, through) == "p:1");
  }
  CHECK(proxy_of(settings({{"http_proxy", "p:1"}, {"NO_PROXY", "*"}}), "http://h/") == "none");
}

TEST_CASE("a proxy that cannot be used is named by its variable and keeps its password") {
  for (const char* value : {"socks5://u:hunter2@h:1", "http://u:hunter2@h:x", "https://h"}) {
    try {
      settings({{"HTTPS_PROXY", value}});
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == "bad_url");
      CHECK(error.message().find("HTTPS_PROXY") != std::string::npos);
      CHECK(error.message().find("hunter2") == std::string::npos);
    }
  }
}

TEST_CASE("a plain request is addressed to the proxy as a whole") {
  std::string seen;
  const test::ScriptedServer proxy(1, [&](Poco::Net::StreamSocket& socket, int) {
    seen = test::receive_until(socket, "\r\n\r\n");
    test::send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  test::TestClient client(
      settings({{"http_proxy", "http://me:p%40ss@127.0.0.1:" + std::to_string(proxy.port())}}));
  CHECK(client.fetch("http://service.example/path?x=1").body == "ok");
  CHECK(seen.starts_with("GET http://service.example/path?x=1 HTTP/1.1\r\n"));
  CHECK(seen.find("Host: service.example\r\n") != std::string::npos);
  CHECK(seen.find("Proxy-Authorization: Basic bWU6cEBzcw==\r\n") != std::string::npos);
}

TEST_CASE("a secure request asks the proxy for a tunnel, and tells when it is refused") {
  std::string seen;
  const test::ScriptedServer proxy(1, [&](Poco::Net::StreamSocket& socket, int) {
    seen = test::receive_until(socket, "\r\n\r\n");
    test::send_all(socket, "HTTP/1.1 407 Who are you\r\n\r\n");
  });
  test::TestClient client(settings({{"https_proxy", "127.0.0.1:" + std::to_string(proxy.port())}}));
  Request request;
  request.url = "https://service.example/path";
  request.attempts = 1;
  try {
    client.send(request);
    FAIL("sent");
  } catch (const Error& error) {
    CHECK(error.code() == "connection_failed");
    CHECK(error.message().find("407 Who are you") != std::string::npos);
  }
  CHECK(seen == "CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n\r\n");
}
