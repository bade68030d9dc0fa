#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>

#include "core/base/error.h"
#include "core/http/server.h"
#include "places.h"
#include "tests/support/http_ports.h"
#include "tests/support/http_raw.h"

using namespace engine;
using namespace engine::http;
using engine::test::TestClient;

namespace {

std::string url_of(const Server& server, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

// The error that sending ends with.
Error failure(TestClient& client, const Request& request) {
  try {
    client.send(request);
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error(ErrorCause::bug, "", "");
}

Request to(const std::string& url, const std::string& method = "GET") {
  Request request;
  request.method = method;
  request.url = url;
  return request;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a request arrives as it was given, and the answer comes back") {
  ServerRequest seen;
  Server server({}, [&](const ServerRequest& request) {
    seen = request;
    ServerResponse response{201, {}, "made", std::nullopt};
    response.headers.add("X-Id", "7");
    return response;
  });
  TestClient client;
  Request request = to(url_of(server, "/a b?x=ü#part"), "POST");
  request.headers.add("X-One", "1");
  request.body = Body::text("{}", "application/json");
  const Response response = client.send(request);
  CHECK(response.status == 201);
  CHECK(response.reason == "Created");
  CHECK(response.body == "made");
  CHECK(response.headers.find("x-id") == "7");
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/a%20b");
  CHECK(seen.query == std::vector<std::pair<std::string, std::string>>{{"x", "ü"}});
  CHECK(seen.headers.find("Content-Type") == "application/json");
  CHECK(seen.headers.find("X-One") == "1");
  CHECK(seen.headers.find("Host") == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(seen.body == "{}");
}

TEST_CASE("a file of the body is streamed between its neighbours") {
  const auto file = std::filesystem::temp_directory_path() / "engine_http_upload_test";
  const std::string content(300'000, 'x');
  std::ofstream(file, std::ios::binary) << content;
  std::string seen;
  Server server({}, [&](const ServerRequest& request) {
    seen = request.body;
    return ServerResponse{};
  });
  TestClient client;
  Request request = to(url_of(server, "/"), "POST");
  request.body = multipart({{"f", file, "a.bin", ""}}, "B");
  CHECK(client.send(request).status == 200);
  CHECK(seen == "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n" +
                    content + "\r\n--B--\r\n");
  std::filesystem::remove(file);
  CHECK(failure(client, request).code() == "file_unreadable");
}

TEST_CASE("a sink gets the bytes of a good answer, and a bad answer keeps its body") {
  Server server({}, [](const ServerRequest& request) {
    return ServerResponse{request.path == "/bad" ? 404 : 200, {}, "0123456789", std::nullopt};
  });
  TestClient client;
  std::string got;
  Request request = to(url_of(server, "/good"));
  request.sink = [&](std::string_view bytes) { got += bytes; };
  CHECK(client.send(request).body.empty());
  CHECK(got == "0123456789");
  request.url = url_of(server, "/bad");
  CHECK(client.send(request).body == "0123456789");
  CHECK(got == "0123456789");
}

TEST_CASE("connections are kept for the next request") {
  std::atomic<int> connections{0};
  const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
    ++connections;
    for (int i = 0; i < 3; ++i) {
      test::receive_until(socket, "\r\n\r\n");
      test::send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(i));
    }
  });
  TestClient client;
  CHECK(client.fetch(server.url()).body == "0");
  CHECK(client.fetch(server.url()).body == "1");
  CHECK(client.fetch(server.url()).body == "2");
  CHECK(connections == 1);
}

TEST_CASE("an idle connection that the server closed is not used, even for a POST") {
  std::promise<void> closed;
  const test::ScriptedServer server(2, [&](Poco::Net::StreamSocket& socket, int connection) {
    test::receive_until(socket, "\r\n\r\n");
    test::send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    socket.close();
    if (connection == 0) closed.set_value();
  });
  TestClient client;
  CHECK(client.fetch(server.url()).body == "ok");
  closed.get_future().wait();
  CHECK(client.send(to(server.url(), "POST")).body == "ok");
}

TEST_CASE("an idempotent request is repeated when an idle connection ends before the answer") {
  std::atomic<int> requests{0};
  const test::ScriptedServer server(2, [&](Poco::Net::StreamSocket& socket, int connection) {
    test::receive_until(socket, "\r\n\r\n");
    ++requests;
    test::send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    if (connection > 0) return;
    test::receive_until(socket, "\r\n\r\n");  // read, and left without an answer
    ++requests;
  });
  TestClient client;
  CHECK(client.fetch(server.url()).body == "ok");
  CHECK(client.fetch(server.url()).body == "ok");
  CHECK(requests == 3);
  CHECK(client.waits.empty());
}

TEST_CASE("a request that may have been carried out is not repeated") {
  std::atomic<int> requests{0};
  const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
    test::receive_until(socket, "\r\n\r\n");
    ++requests;
  });
  TestClient client;
  const Error error = failure(client, to(server.url("/secret-path"), "POST"));
  CHECK(error.code() == "connection_lost");
  CHECK(error.cause() == ErrorCause::upstream);
  CHECK(error.message().find("POST http://127.0.0.1:") == 0);
  CHECK(error.message().find("secret-path") == std::string::npos);
  CHECK(requests == 1);
}

TEST_CASE("lost connections and passing failures are tried again with growing delays") {
  std::atomic<int> requests{0};
  Server server({}, [&](const ServerRequest&) {
    ServerResponse response;
    const int number = ++requests;
    if (number == 1) response.status = 503;
    if (number == 2) {
      response.body = "0123456789";
      response.cut_after = 3;
    }
    return response;
  });
  TestClient client;
  CHECK(client.fetch(url_of(server, "/")).status == 200);
  CHECK(requests == 3);
  CHECK(client.waits.size() == 2);
  Request twice = to(url_of(server, "/"));
  twice.attempts = 1;
  requests = 0;
  CHECK(client.send(twice).status == 503);
}

TEST_CASE("a request that cannot even connect is tried again, whatever its method") {
  std::uint16_t port = 0;
  {
    const Poco::Net::ServerSocket free(Poco::Net::SocketAddress("127.0.0.1", 0));
    port = free.address().port();
  }
  TestClient client;
  const Error error = failure(client, to("http://127.0.0.1:" + std::to_string(port), "POST"));
  CHECK(error.code() == "connection_failed");
  CHECK(client.waits.size() == 2);
}

TEST_CASE("the delay before a retry is drawn from a range that doubles up to its limit") {
  Server server({}, [](const ServerRequest&) { return ServerResponse{502, {}, "", std::nullopt}; });
  test::ManualClock clock;
  test::SameRandom random(250);
  std::vector<Milliseconds> waits;
  ClientOptions options;
  options.first_delay = Milliseconds(100);
  options.longest_delay = Milliseconds(300);
  options.wait = [&](Milliseconds time, const Cancellation&) {
    waits.push_back(time);
    return true;
  };
  PooledClient client(clock, random, options);
  Request request = to(url_of(server, "/"));
  request.attempts = 5;
  CHECK(client.send(request, Cancellation()).status == 502);
  REQUIRE(waits.size() == 4);
  const std::int64_t most[] = {100, 200, 300, 300};
  for (std::size_t i = 0; i < 4; ++i) CHECK(waits[i].count() <= most[i]);
  CHECK(waits[3] == Milliseconds(250));
}

TEST_CASE("a refused request is sent again after the pause the service asks for") {
  std::atomic<int> requests{0};
  Server server({}, [&](const ServerRequest&) {
    ServerResponse response;
    if (++requests == 1) {
      response.status = 429;
      response.headers.add("Retry-After", "7");
    }
    return response;
  });
  for (const std::string key : {"", "acme"}) {
    TestClient client;
    requests = 0;
    Request request = to(url_of(server, "/"), "POST");
    request.pace_key = key;
    CHECK(client.send(request).status == 200);
    CHECK(requests == 2);
    CHECK(client.waits == std::vector<Milliseconds>{Milliseconds(7000)});
  }
}

TEST_CASE("a pause that is too long is an error that tells how long") {
  Server server({}, [&](const ServerRequest&) {
    ServerResponse response{429, {}, "", std::nullopt};
    response.headers.add("Retry-After", "3600");
    return response;
  });
  for (const std::string key : {"", "acme"}) {
    TestClient client;
    Request request = to(url_of(server, "/"));
    request.pace_key = key;
    const Error error = failure(client, request);
    CHECK(error.cause() == ErrorCause::rate_limited);
    CHECK(error.http_status == 429);
    CHECK(error.retry_after == Milliseconds(3'600'000));
    CHECK(client.waits.empty());
  }
}

TEST_CASE("a service that refuses again and again is given up, with the count and what to do") {
  std::atomic<int> requests{0};
  Server server({}, [&](const ServerRequest&) {
    ++requests;
    ServerResponse response{429, {}, "", std::nullopt};
    response.headers.add("Retry-After", "1");
    return response;
  });
  TestClient client;
  const Error error = failure(client, to(url_of(server, "/secret-path")));
  CHECK(requests == 10);
  CHECK(error.cause() == ErrorCause::rate_limited);
  CHECK(error.http_status == 429);
  CHECK(error.retry_after == Milliseconds(1000));
  CHECK(error.message().find("was answered 429 10 times") != std::string::npos);
  CHECK(error.message().find("secret-path") == std::string::npos);
}

TEST_CASE("an answer that is too large is refused, also when it is small before decoding") {
  Server server({}, [](const ServerRequest& request) {
    ServerResponse response;
    if (request.path == "/plain") response.body.assign(2000, 'a');
    if (request.path == "/bomb") {
      response.body = read_file(ENGINE_SOURCE_DIR "/tests/core/http/data/million_zeros.gz");
      response.headers.add("Content-Encoding", "gzip");
    }
    return response;
  });
  TestClient client;
  Request request = to(url_of(server, "/bomb"));
  const Response decoded = client.send(request);
  CHECK(decoded.body == std::string(1'000'000, '\0'));
  CHECK_FALSE(decoded.headers.find("Content-Encoding").has_value());
  request.max_response_bytes = 1999;
  const Error refused = failure(client, request);
  CHECK(refused.code() == "answer_too_large");
  CHECK(refused.message().ends_with("the answer is larger than 1999 bytes. Ask for less at once."));
  request.url = url_of(server, "/plain");
  CHECK(failure(client, request).code() == "answer_too_large");
  request.max_response_bytes = 2000;
  CHECK(client.send(request).body.size() == 2000);
}

TEST_CASE("answers that are cut or broken are errors") {
  struct Case {
    std::string answer;
    std::string code;
  };
  const std::vector<Case> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "connection_lost"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "connection_lost"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "connection_lost"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "bad_answer"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", "bad_answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "bad_answer"},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", "bad_answer"},
      {"HTTP/1.1 200", "connection_lost"},
      {"HTTP/1.1 2xx OK\r\n\r\n", "bad_answer"},
      {"HTTP/1.1 101 Switching\r\n\r\n", "bad_answer"},
      {"SSH-2.0-OpenSSH_9\r\n", "bad_answer"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(300'000, 'a'), "answer_too_large"},
      {"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", "bad_answer"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.answer.substr(0, 100));
    const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
      test::receive_until(socket, "\r\n\r\n");
      test::send_all(socket, c.answer);
      socket.shutdownSend();
      test::receive_all(socket);
    });
    TestClient client;
    Request request = to(server.url());
    request.attempts = 1;
    CHECK(failure(client, request).code() == c.code);
  }
}

TEST_CASE("an answer may come in any way that HTTP has") {
  for (const std::string answer :
       {"HTTP/1.1 200 OK\r\n\r\nbody", "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbodyXX",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: 1\r\n\r\nHTTP/1.1 200 "
        "OK\r\nContent-Length: 4\r\n\r\nbody",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nbo\r\n2\r\ndy\r\n0\r\nT: "
        "1\r\n\r\n"}) {
    CAPTURE(answer);
    const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
      test::receive_until(socket, "\r\n\r\n");
      test::send_all(socket, answer);
    });
    TestClient client;
    const Response response = client.fetch(server.url());
    CHECK(response.status == 200);
    CHECK(response.body == "body");
  }
}

TEST_CASE("time limits hold for servers that never answer, and for those that trickle") {
  for (const bool trickle : {false, true}) {
    const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
      test::receive_until(socket, "\r\n\r\n");
      if (trickle) {
        test::send_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n");
        for (;;) test::send_all(socket, "x");  // until the client is gone
      }
      test::receive_all(socket);
    });
    TestClient client;
    Request request = to(server.url());
    request.timeout = std::chrono::milliseconds(100);
    const Error error = failure(client, request);
    CHECK(error.cause() == ErrorCause::timeout);
    CHECK(error.code() == "request_timeout");
  }
}

TEST_CASE("cancelling ends a read that is waiting") {
  std::promise<void> asked;
  const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
    test::receive_until(socket, "\r\n\r\n");
    asked.set_value();
    test::receive_all(socket);
  });
  TestClient client;
  auto sent = std::async(std::launch::async, [&] { return failure(client, to(server.url())); });
  asked.get_future().wait();
  client.cancellation.cancel(CancelReason::cancelled);
  CHECK(sent.get().cause() == ErrorCause::cancelled);
  CHECK(failure(client, to(server.url())).cause() == ErrorCause::cancelled);
}

TEST_CASE("what cannot be sent is refused before it is") {
  TestClient client;
  const auto code = [&](const Request& request) { return failure(client, request).code(); };
  CHECK(code(to("ftp://host/")) == "bad_url");
  CHECK(code(to("http://127.0.0.1:1/", "GE T")) == "bad_request");
  CHECK(code(to("http://127.0.0.1:1/\r\nX: 1")) == "bad_url");
  Request request = to("http://127.0.0.1:1/");
  request.headers.add("X-A", "1\r\nX-B: 2");
  CHECK(code(request) == "bad_request");
  request.headers = {};
  request.headers.add("X A", "1");
  CHECK(code(request) == "bad_request");
}

TEST_CASE("private addresses are refused where they are not allowed") {
  Server server({}, [](const ServerRequest&) { return ServerResponse{}; });
  TestClient client;
  Request request = to(url_of(server, "/"));
  CHECK(client.send(request).status == 200);  // leaves an open connection that must not be used
  request.private_addresses = false;
  const Error error = failure(client, request);
  CHECK(error.cause() == ErrorCause::user);
  CHECK(error.code() == "address_refused");
  request.url = "http://localhost:" + std::to_string(server.port()) + "/";
  CHECK(failure(client, request).code() == "address_refused");
  request.url = "http://2130706433:" + std::to_string(server.port()) + "/";
  CHECK(failure(client, request).code() == "address_refused");
}

TEST_CASE("an answerer takes the place of the network; tries, waits and sinks stay as they are") {
  test::ManualClock clock;
  test::SameRandom random;
  std::vector<std::string> asked;
  std::vector<Milliseconds> waits;
  ClientOptions options;
  options.wait = [&](Milliseconds time, const Cancellation&) {
    waits.push_back(time);
    return true;
  };
  options.answer = [&](const http::Request& request, const http::Url& url) {
    asked.push_back(request.method + " " + url.text());
    http::Response response;
    response.status = asked.size() == 1 ? 503 : asked.size() == 2 ? 302 : 200;
    if (asked.size() == 2) response.headers.add("Location", "/other");
    response.body = "body";
    return response;
  };
  http::PooledClient client(clock, random, options);
  http::Request request;
  request.url = "https://api.example.com/a?b=1";
  std::string received;
  request.sink = [&](std::string_view bytes) { received += bytes; };
  const http::Response response = client.send(request, Cancellation());
  CHECK(response.status == 200);
  CHECK(response.body == "");
  CHECK(received == "body");
  CHECK(waits.size() == 1);
  CHECK(asked == std::vector<std::string>{"GET https://api.example.com/a?b=1",
                                          "GET https://api.example.com/a?b=1",
                                          "GET https://api.example.com/other"});
}
