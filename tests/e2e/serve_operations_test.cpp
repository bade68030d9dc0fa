// What those who run a server rely on: proxies, the service manager, logs, keys, and that secrets
// stay where they are.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/value/json.h"
#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

std::string hook_at(const std::string& name, const std::string& with, const std::string& nodes) {
  return "name: " + name + "\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name +
         with + " }\n" + nodes;
}

std::string ask(const std::string& url) {
  return "  - id: ask\n    type: http_request\n    with: { url: \"" + url + "\" }\n";
}

const char* const kEnd = "  - id: end\n    type: no_op\n";

/// Where a service manager listens.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string next() const {
    std::string text(100, '\0');
    const ssize_t size = ::recv(socket_, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("behind a proxy of one's own the caller is who the proxy says, and only then") {
  const Place place;
  place.file("near.yaml", hook_at("near", ", networks: [192.0.2.0/24]", kEnd));
  const auto status = [](const Served& server, const std::string& forwarded) {
    Headers headers;
    if (!forwarded.empty()) headers.emplace_back("X-Forwarded-For", forwarded);
    return server.call("POST", "/webhook/near", "{}", headers).status;
  };
  {
    const Served open(place);
    CHECK(status(open, "192.0.2.7") == 403);
  }
  const Served behind(place, ".", {"--trust-proxy"});
  CHECK(status(behind, "192.0.2.7") == 200);
  // What came before was written by anybody.
  CHECK(status(behind, "192.0.2.7, 198.51.100.1") == 403);
  CHECK(status(behind, "198.51.100.1, 192.0.2.7") == 200);
  CHECK(status(behind, "") == 403);
}

TEST_CASE("the service manager is told when the server is ready, and when it stops") {
  Place place;
  place.file("flow.yaml", hook_at("flow", "", kEnd));
  const std::string path = (place.folder() / "notify").string();
  const NotifySocket manager(path);
  place.environment["NOTIFY_SOCKET"] = path;
  Served server(place);
  CHECK(manager.next() == "READY=1");
  CHECK(server.stop().code == 0);
  CHECK(manager.next() == "STOPPING=1");
}

TEST_CASE("the log is JSON when it is asked for, and names execution and node") {
  const Place place;
  place.file("fail.yaml", hook_at("fail", "",
                                  "  - id: stop\n    type: stop_error\n    with: { "
                                  "message: Broken }\n"));
  Served server(place, ".", {"--log-format", "json"});
  CHECK(server.post("/webhook/fail", "{}").status == 200);
  wait_for_executions(place, "failed", 1);
  const Value line = parse_json(server.process().read_error_line("An execution failed."));
  CHECK(line["execution"].as_string() == place.newest());
  CHECK(line["workflow"].as_string() == "fail");
  CHECK(line["node"].as_string() == "stop");
  CHECK(line["level"].as_string() == "warn");
}

TEST_CASE("a new key for the API makes the old one void") {
  const Place place;
  const auto key_of = [&](const std::vector<std::string>& options) {
    Served server(place, ".", options);
    const std::string shown = server.stop().err;
    const std::size_t at = shown.find("ek_");
    REQUIRE(at != std::string::npos);
    return shown.substr(at, shown.find_first_of("\r\n", at) - at);
  };
  const std::string old_key = key_of({});
  const std::string new_key = key_of({"--new-api-key"});
  const Served server(place);
  const auto status = [&](const std::string& key) {
    return server.call("GET", "/api/v1/executions", "", {{"Authorization", "Bearer " + key}})
        .status;
  };
  CHECK(status(new_key) == 200);
  CHECK(status(old_key) == 401);
}

TEST_CASE("a host that is allowed may be private; one that it redirects to may not") {
  const Place place;
  std::atomic<int> asked = 0;
  std::string elsewhere;
  const http::Server inner({}, [&](const http::ServerRequest& request) {
    http::ServerResponse answer;
    answer.body = "{}";
    answer.headers.set("Content-Type", "application/json");
    if (request.path == "/go") {
      answer.status = 302;
      answer.headers.set("Location", elsewhere);
    } else {
      ++asked;
    }
    return answer;
  });
  const std::string port = std::to_string(inner.port());
  elsewhere = "http://127.0.0.1:" + port + "/inside";
  place.file("good.yaml",
             hook_at("good", ", response: last_node", ask("http://localhost:" + port)));
  place.file("bad.yaml", hook_at("bad", ", response: last_node", ask("http://127.0.0.1:" + port)));
  place.file("away.yaml",
             hook_at("away", ", response: last_node", ask("http://localhost:" + port + "/go")));
  const Served server(place, ".", {"--allow-host", "localhost"});
  CHECK(server.post("/webhook/good", "{}").status == 200);
  CHECK(asked == 1);
  CHECK(server.post("/webhook/bad", "{}").status == 500);
  CHECK(server.post("/webhook/away", "{}").status == 500);
  CHECK(asked == 1);
}

TEST_CASE("secrets of callers and of credentials are in no log, answer or stored execution") {
  const Place place;
  Upstream upstream;
  place.engine({"credentials", "add", "token", "--type", "bearer", "--field", "token=SeCrEtOne"});
  place.engine({"credentials", "add", "head", "--type", "header", "--field", "name=X-Key",
                "--field", "value=SeCrEtTwo"});
  place.engine({"credentials", "add", "sign", "--type", "secret", "--field", "secret=SeCrEtSix"});
  const std::string with = "    credential: ";
  const std::string call =
      "  - id: ask\n    type: http_request\n    credential: token\n"
      "    with: { url: \"http://127.0.0.1:1/\" }\n";
  place.file("bearer.yaml", "name: bearer\nnodes:\n  - id: hook\n    type: webhook\n" + with +
                                "token\n    with: { path: bearer, auth: bearer }\n" + call);
  place.file("header.yaml", "name: header\nnodes:\n  - id: hook\n    type: webhook\n" + with +
                                "head\n    with: { path: header, auth: header }\n" + kEnd);
  place.file("signed.yaml", "name: signed\nnodes:\n  - id: hook\n    type: webhook\n" + with +
                                "sign\n    with: { path: signed, auth: hmac }\n" + kEnd);
  Served server(place, ".", {"--allow-private", "--log-level", "debug"});
  std::string answers;
  const auto post = [&](const std::string& path, const Headers& headers) {
    const http::Response answer = server.call("POST", "/webhook/" + path, "x", headers);
    answers += answer.body;
    for (const auto& [name, value] : answer.headers) answers += name + value;
    return answer.status;
  };
  CHECK(post("bearer", {{"Authorization", "Bearer SeCrEtOne"}}) == 200);
  CHECK(post("header", {{"x-key", "SeCrEtTwo"}, {"Authorization", "Basic SeCrEtFour"}}) == 200);
  CHECK(post("bearer", {{"Authorization", "Bearer SeCrEtFive"}}) == 401);
  CHECK(post("header", {{"X-Key", "SeCrEtFive"}}) == 403);
  CHECK(post("signed", {{"X-Signature", to_hex(hmac_of("sha256", "SeCrEtSix", "x"))}}) == 200);
  CHECK(post("signed", {{"X-Signature", "SeCrEtFive"}}) == 403);
  wait_for_executions(place, "success", 2);
  wait_for_executions(place, "failed", 1);
  answers += server.call("GET", "/metrics").body;
  const Outcome ended = server.stop();
  CHECK_FALSE(contains(answers, "SeCrEt"));
  CHECK_FALSE(contains(ended.all(), "SeCrEt"));
  CHECK_FALSE(contains(place.stored_bytes(), "SeCrEt"));
  CHECK(contains(place.stored_bytes(), "cannot connect"));
}

}  // namespace engine::e2e
