#include "core/http/message.h"

#include <doctest/doctest.h>

using namespace engine::http;

TEST_CASE("header names compare without case and keep their order") {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("X-One", "1");
  headers.add("accept", "b");
  CHECK(headers.find("ACCEPT") == "a");
  headers.set("ACCEPT", "c");
  CHECK(headers.size() == 2);
  CHECK(headers.find("Accept") == "c");
  CHECK(headers.begin()->first == "Accept");
  headers.remove("x-one");
  CHECK_FALSE(headers.find("X-One").has_value());
  CHECK_FALSE(headers.find("Accep").has_value());
}

TEST_CASE("percent coding") {
  CHECK(percent_encode("a-b_c.d~e") == "a-b_c.d~e");
  CHECK(percent_encode("a b/c?d&e=ü") == "a%20b%2Fc%3Fd%26e%3D%C3%BC");
  CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
  CHECK(percent_decode("a%20b%2f%C3%BC") == "a b/ü");
  CHECK(percent_decode("a+b") == "a+b");
  CHECK(percent_decode("a+b%2B", true) == "a b+");
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
  CHECK(percent_decode("%41") == "A");
}

TEST_CASE("a query keeps order and repeated names") {
  CHECK(encode_query({{"a", "1"}, {"b[]", "x y"}, {"a", ""}}) == "a=1&b%5B%5D=x%20y&a=");
  CHECK(encode_query({}).empty());
}

TEST_CASE("a multipart body holds texts and names its files, which are streamed") {
  const Body body = multipart(
      {{"note", std::string("hi"), "", ""},
       {"attachment", std::filesystem::path("/tmp/x"), "a\"b\r\n.txt", "text/plain\r\nX-Evil: 1"}},
      "XX");
  CHECK(body.content_type == "multipart/form-data; boundary=XX");
  REQUIRE(body.parts.size() == 3);
  CHECK(std::get<std::string>(body.parts[0]) ==
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"attachment\"; "
        "filename=\"a%22b%0D%0A.txt\"\r\nContent-Type: text/plainX-Evil: 1\r\n\r\n");
  CHECK(std::get<std::filesystem::path>(body.parts[1]) == "/tmp/x");
  CHECK(std::get<std::string>(body.parts[2]) == "\r\n--XX--\r\n");
}

TEST_CASE("a shown URL holds no secrets") {
  Request request;
  request.secret_query = {"api key", "token"};
  request.url = "https://me:hunter2@host/p?api+key=1&x=2&token=abc&token#part";
  CHECK(shown_url(request) == "https://***@host/p?api+key=***&x=2&token=***&token=***");
  request.url = "https://host/a@b?x=1";
  CHECK(shown_url(request) == "https://host/a@b?x=1");
  request.url = "http://u:p@w@host?token=1";
  CHECK(shown_url(request) == "http://***@host?token=***");
}
