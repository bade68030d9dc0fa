#include "core/http/url.h"

#include <doctest/doctest.h>

#include "core/base/error.h"

using namespace engine;
using namespace engine::http;

TEST_CASE("a URL is taken apart") {
  const Url url = parse_url("HTTPS://Api.Example.com/a/b?x=1#frag");
  CHECK(url.secure);
  CHECK(url.host == "api.example.com");
  CHECK(url.port == 443);
  CHECK(url.target == "/a/b?x=1");
  CHECK(url.text() == "https://api.example.com/a/b?x=1");
  CHECK(parse_url("http://h").target == "/");
  CHECK(parse_url("http://h:80").authority() == "h");
  CHECK(parse_url("http://h:8080?x").text() == "http://h:8080/?x");
  CHECK(parse_url("http://h/ü b").target == "/%C3%BC%20b");
  const Url literal = parse_url("http://[::1]:81/x");
  CHECK(literal.host == "::1");
  CHECK(literal.authority() == "[::1]:81");
}

TEST_CASE("URLs that could be read in two ways are refused") {
  for (const char* text : {"",
                           "host/path",
                           "//host",
                           "file:///etc/passwd",
                           "javascript:alert(1)",
                           "http://",
                           "http:///path",
                           "http://a@b/",
                           "http://a:b@c/",
                           "http://a\\@b/",
                           "http://h:0/",
                           "http://h:65536/",
                           "http://h:8a/",
                           "http://h:-1/",
                           "http://h h/",
                           "http://h%2fx/",
                           "http://h\n/",
                           "http://h/\r\nX",
                           "http://h/\x7f",
                           "http://[::1/",
                           "http://[1.2.3.4]/",
                           "http://[::1]x/",
                           "http://[fe80::1%25eth0]/",
                           "http://bücher.example/",
                           "http://h;x/"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_url(text), Error);
  }
}

TEST_CASE("a location is read against the address it came from") {
  const Url base = parse_url("https://h:444/a/b/c?q=1");
  const auto at = [&](const char* location) { return resolve_url(base, location).text(); };
  CHECK(at("https://x/y") == "https://x/y");
  CHECK(at("//x/y") == "https://x/y");
  CHECK(at("/y?z=http://w/") == "https://h:444/y?z=http://w/");
  CHECK(at("d?e") == "https://h:444/a/b/d?e");
  CHECK(at("../d") == "https://h:444/a/d");
  CHECK(at("../../../../d") == "https://h:444/d");
  CHECK(at("./") == "https://h:444/a/b/");
  CHECK(at("..") == "https://h:444/a/");
  CHECK(at("?r=2") == "https://h:444/a/b/c?r=2");
  CHECK(at("#f") == "https://h:444/a/b/c?q=1");
}
