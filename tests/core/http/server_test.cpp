#include "core/http/server.h"

#include <doctest/doctest.h>

#include <future>
#include <string>

#include "core/base/error.h"
#include "tests/support/http_raw.h"

using namespace engine;
using namespace engine::http;
using engine::test::raw_exchange;

namespace {

// Tells what it was asked.
ServerResponse echo(const ServerRequest& request) {
  ServerResponse response;
  response.headers.add("X-Method", request.method);
  response.body = request.path;
  for (const auto& [name, value] : request.query) response.body += "|" + name + "=" + value;
  response.body += "|" + request.body;
  return response;
}

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

std::string status_of(const std::string& answer) {
  return answer.substr(0, answer.find("\r\n"));
}

std::string close_after(const std::string& start, const std::string& rest = "\r\n") {
  return start + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest;
}

}  // namespace

TEST_CASE("a server hands over method, path, query and body") {
  Server server({}, echo);
  const std::string answer = raw_exchange(
      server.port(), close_after("POST /a%2Fb/c?x=1&y=a+b%26&z", "Content-Length: 3\r\n\r\nabc"));
  CHECK(status_of(answer) == "HTTP/1.1 200 OK");
  CHECK(body_of(answer) == "/a%2Fb/c|x=1|y=a b&|z=|abc");
}

TEST_CASE("a server reads chunked bodies") {
  Server server({}, echo);
  CHECK(body_of(raw_exchange(server.port(), close_after("PUT /",
                                                        "Transfer-Encoding: chunked\r\n\r\n"
                                                        "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n"
                                                        "0\r\nX-Trailer: 1\r\n\r\n"))) ==
        "/|abc0123456789");
}

TEST_CASE("a connection is kept for several requests, also when they come at once") {
  Server server({}, echo);
  const std::string answer =
      raw_exchange(server.port(), "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n" + close_after("GET /2"));
  CHECK(answer.find("/1|HTTP/1.1 200 OK") != std::string::npos);
  CHECK(answer.ends_with("/2|"));
}

TEST_CASE("HEAD gets the length and no body") {
  Server server({}, echo);
  const std::string answer = raw_exchange(server.port(), close_after("HEAD /abc"));
  CHECK(answer.find("Content-Length: 5\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("an HTTP/1.0 connection ends after the answer") {
  Server server({}, echo);
  CHECK(body_of(raw_exchange(server.port(), "GET /x HTTP/1.0\r\n\r\n")) == "/x|");
}

TEST_CASE("an exception in the handler is a 500 without details") {
  Server server({}, [](const ServerRequest&) -> ServerResponse {
    throw std::runtime_error("secret path /etc");
  });
  const std::string answer = raw_exchange(server.port(), close_after("GET /"));
  CHECK(status_of(answer) == "HTTP/1.1 500 Internal Server Error");
  CHECK(answer.find("secret") == std::string::npos);
}

TEST_CASE("a header that would add lines to the answer is a 500") {
  Server server({}, [](const ServerRequest&) {
    ServerResponse response;
    response.headers.add("X-A", "1\r\nX-Evil: 2");
    return response;
  });
  const std::string answer = raw_exchange(server.port(), close_after("GET /"));
  CHECK(status_of(answer) == "HTTP/1.1 500 Internal Server Error");
  CHECK(answer.find("X-Evil") == std::string::npos);
}

TEST_CASE("what is too large is refused with the status that says so") {
  ServerOptions options;
  options.max_body_bytes = 10;
  options.max_header_bytes = 200;
  Server server(options, echo);
  const auto status = [&](const std::string& bytes) {
    return status_of(raw_exchange(server.port(), bytes));
  };
  CHECK(status(close_after("POST /", "Content-Length: 10\r\n\r\n0123456789")) == "HTTP/1.1 200 OK");
  CHECK(status(close_after("POST /", "Content-Length: 11\r\n\r\n0123456789A")) ==
        "HTTP/1.1 413 Request Entity Too Large");
  CHECK(status(close_after("POST /",
                           "Transfer-Encoding: chunked\r\n\r\n"
                           "8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n")) ==
        "HTTP/1.1 413 Request Entity Too Large");
  CHECK(status("GET / HTTP/1.1\r\nX-Long: " + std::string(500, 'a') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431"));
  // Nothing is read of what is announced as too large.
  CHECK(status(close_after("POST /", "Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n")) ==
        "HTTP/1.1 413 Request Entity Too Large");
  CHECK(status(close_after("POST /", "Content-Length: 999999999999999999\r\n\r\n")) ==
        "HTTP/1.1 413 Request Entity Too Large");
  options.max_headers = 3;
  Server few(options, echo);
  CHECK(status_of(raw_exchange(few.port(), close_after("GET /", "A: 1\r\n\r\n"))) ==
        "HTTP/1.1 200 OK");
  CHECK(status_of(raw_exchange(few.port(), close_after("GET /", "A: 1\r\nB: 1\r\n\r\n")))
            .starts_with("HTTP/1.1 431"));
}

TEST_CASE("what is not proper HTTP is refused") {
  Server server({}, echo);
  for (const std::string& bytes : {
           std::string("hello\r\n\r\n"),
           std::string("GET /\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\n\r\n"),  // no Host
           std::string("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n"),
           std::string("GET / HTTP/1.1\nHost: x\n\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
           std::string("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET /a%4 HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET /a% HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n", 30),
           std::string("GET nothing HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n folded\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: "
                       "2\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                       "Transfer-Encoding: identity\r\n\r\n"),
           std::string("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n0x2\r\nab\r\n0\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n2\nab\n0\n\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                       "chunked\r\n\r\nffffffffffffffff1\r\nab\r\n0\r\n\r\n"),
       }) {
    CAPTURE(bytes);
    const std::string answer = raw_exchange(server.port(), bytes);
    CHECK(status_of(answer) == "HTTP/1.1 400 Bad Request");
    CHECK(body_of(answer) == "Bad Request\n");
  }
  CHECK(status_of(raw_exchange(server.port(), "GET / HTTP/2.0\r\nHost: x\r\n\r\n")) ==
        "HTTP/1.1 505 HTTP Version Not Supported");
}

TEST_CASE("a path may hold any bytes but the null byte, encoded or not") {
  Server server({}, echo);
  CHECK(body_of(raw_exchange(server.port(), close_after("GET /%ff\xff%2f"))) == "/%ff\xff%2f|");
}

TEST_CASE("what a client expects that is not known here is refused") {
  Server server({}, echo);
  CHECK(
      status_of(raw_exchange(
          server.port(), close_after("POST /", "Expect: 200-ok\r\nContent-Length: 1\r\n\r\nx"))) ==
      "HTTP/1.1 417 Expectation Failed");
}

TEST_CASE("a body that ends early is told, when there is anybody left to hear it") {
  Server server({}, echo);
  Poco::Net::StreamSocket socket = test::connect_to(server.port());
  test::send_all(socket, close_after("POST /", "Content-Length: 3\r\n\r\nab"));
  socket.shutdownSend();
  CHECK(status_of(test::receive_all(socket)) == "HTTP/1.1 400 Bad Request");
}

TEST_CASE("all bodies together have a limit, and room comes back with every answer") {
  std::promise<void> entered;
  std::promise<void> leave;
  ServerOptions options;
  options.max_bodies_bytes = 10;
  Server server(options, [&](const ServerRequest& request) {
    if (request.path == "/held") {
      entered.set_value();
      leave.get_future().wait();
    }
    return echo(request);
  });
  const std::string eight = "Content-Length: 8\r\n\r\n01234567";
  auto held = std::async(std::launch::async, [&] {
    return raw_exchange(server.port(), close_after("POST /held", eight));
  });
  entered.get_future().wait();
  const std::string refused = raw_exchange(server.port(), close_after("POST /", eight));
  CHECK(status_of(refused) == "HTTP/1.1 503 Service Unavailable");
  CHECK(refused.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(body_of(raw_exchange(server.port(), close_after("GET /small"))) == "/small|");
  leave.set_value();
  CHECK(body_of(held.get()) == "/held|01234567");
  CHECK(body_of(raw_exchange(server.port(), close_after("POST /", eight))) == "/|01234567");
}

TEST_CASE("clients that trickle are left in time") {
  ServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(100);
  Server server(options, echo);
  // One byte at a time keeps nothing open: the time is that of the whole.
  const auto trickle = [&](const std::string& begin) {
    Poco::Net::StreamSocket socket = test::connect_to(server.port());
    socket.setReceiveTimeout(Poco::Timespan(0, 10'000));
    test::send_all(socket, begin);
    std::string answer;
    for (int i = 0; i < 2000 && answer.find("\r\n\r\n") == std::string::npos; ++i) {
      char buffer[512];
      try {
        test::send_all(socket, "a");
        const int count = socket.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) break;
        answer.append(buffer, static_cast<std::size_t>(count));
      } catch (const Poco::TimeoutException&) {
        continue;
      }
    }
    return status_of(answer);
  };
  CHECK(trickle("GET / HTTP/1.1\r\n").starts_with("HTTP/1.1 408"));
  CHECK(trickle(close_after("POST /", "Content-Length: 5000\r\n\r\n")).starts_with("HTTP/1.1 408"));
}

TEST_CASE("clients that never send what they promised, or never read, do not keep their place") {
  ServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(100);
  options.max_connections = 1;
  Server server(options, [](const ServerRequest& request) {
    const std::size_t size = request.path == "/large" ? 64U << 20U : 2;
    return ServerResponse{200, {}, std::string(size, 'x'), std::nullopt};
  });
  const auto is_free = [&] {
    return status_of(raw_exchange(server.port(), close_after("GET /"))) == "HTTP/1.1 200 OK";
  };
  const auto left_in_time = [&] {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_free() && std::chrono::steady_clock::now() < patience) continue;
    return is_free();
  };
  Poco::Net::StreamSocket deaf = test::connect_to(server.port());
  test::send_all(deaf, close_after("GET /large"));
  CHECK(test::receive_until(deaf, "\r\n") == "HTTP/1.1 200 OK\r\n");
  CHECK_FALSE(is_free());
  CHECK(left_in_time());
  Poco::Net::StreamSocket silent = test::connect_to(server.port());
  test::send_all(silent,
                 close_after("POST /", "Expect: 100-continue\r\nContent-Length: 16000000\r\n\r\n"));
  CHECK(test::receive_until(silent, "\r\n") == "HTTP/1.1 100 Continue\r\n");
  CHECK_FALSE(is_free());
  CHECK(left_in_time());
}

TEST_CASE("a slow client is told and left") {
  ServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(30);
  Server server(options, echo);
  CHECK(status_of(raw_exchange(server.port(), "GET / HT")).starts_with("HTTP/1.1 408"));
  CHECK(raw_exchange(server.port(), "").empty());
}

TEST_CASE("a client that asks first is told to go on") {
  Server server({}, echo);
  Poco::Net::StreamSocket socket = test::connect_to(server.port());
  test::send_all(socket,
                 close_after("POST /", "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  CHECK(test::receive_until(socket, "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  test::send_all(socket, "ok");
  CHECK(body_of(test::receive_all(socket)) == "/|ok");
}

TEST_CASE("an answer can be cut on purpose") {
  Server server({}, [](const ServerRequest&) {
    ServerResponse response;
    response.body = "0123456789";
    response.cut_after = 4;
    return response;
  });
  const std::string answer = raw_exchange(server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.find("Content-Length: 10\r\n") != std::string::npos);
  CHECK(body_of(answer) == "0123");
}

TEST_CASE("connections above the limit are answered 503") {
  ServerOptions options;
  options.max_connections = 1;
  Server server(options, echo);
  Poco::Net::StreamSocket first = test::connect_to(server.port());
  test::send_all(first, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(test::receive_until(first, "/1|").ends_with("/1|"));
  const std::string refused = raw_exchange(server.port(), "");
  CHECK(status_of(refused) == "HTTP/1.1 503 Service Unavailable");
  CHECK(refused.find("Retry-After: 1\r\n") != std::string::npos);
}

TEST_CASE("stop waits for the request that is being answered and refuses new ones") {
  std::promise<void> entered;
  std::promise<void> leave;
  Server server({}, [&](const ServerRequest&) {
    entered.set_value();
    leave.get_future().wait();
    return ServerResponse{200, {}, "done", std::nullopt};
  });
  const std::uint16_t port = server.port();
  auto answer =
      std::async(std::launch::async, [&] { return raw_exchange(port, close_after("GET /")); });
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server.stop(); });
  CHECK(stopped.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout);
  leave.set_value();
  CHECK(body_of(answer.get()) == "done");
  stopped.get();
  CHECK_THROWS_AS(test::connect_to(port), Poco::Exception);
}

TEST_CASE("stop ends connections that are idle") {
  Server server({}, echo);
  Poco::Net::StreamSocket socket = test::connect_to(server.port());
  test::send_all(socket, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(test::receive_until(socket, "/1|").ends_with("/1|"));
  server.stop();
  CHECK(test::receive_all(socket).empty());
  CHECK(server.port() > 0);
}

TEST_CASE("a port that is taken is an error that says so") {
  Server server({}, echo);
  ServerOptions options;
  options.port = server.port();
  try {
    Server second(options, echo);
    FAIL("two servers on one port");
  } catch (const Error& error) {
    CHECK(error.code() == "address_in_use");
    CHECK(error.cause() == ErrorCause::user);
  }
}
