// Over real sockets: several callers at once, and an answer that ends in the middle.
#include "core/http/server.h"

#include <thread>

#include "core/base/error.h"
#include "core/http/pooled_client.h"
#include "nodes/clickup/sandbox/world/events.h"
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("several threads change the world without losing anything") {
  Desk desk;
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  const auto create = [&] {
    for (int i = 0; i < kEach; ++i) {
      http::ServerRequest request;
      request.method = "POST";
      request.path = "/v2/list/5/task";
      request.headers.add("Authorization", "pk_one");
      request.headers.add("Content-Type", "application/json");
      request.body = R"({"name":"x"})";
      desk.sandbox.handle(request);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(create);
  for (std::thread& one : threads) one.join();
  const Reply page = desk.get("/v2/list/5/task");
  CHECK(page["tasks"].size() == 100);
  CHECK(page["last_page"].as_bool());
  CHECK(desk.sandbox.events_since(0).size() == 200);
}

/// The sandbox behind a real server, asked by a real client.
class Wire {
 public:
  explicit Wire(SandboxOptions options)
      : desk_(std::move(options)),
        server_({}, [this](const http::ServerRequest& r) { return desk_.sandbox.handle(r); }),
        client_(desk_.clock, desk_.random) {}

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = "") {
    http::Request request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(server_.port()) + "/api" + target;
    request.headers.add("Authorization", "pk_one");
    request.attempts = 1;
    if (!body.empty()) request.body = http::Body::text(body, "application/json");
    return client_.send(request, Cancellation());
  }

 private:
  Desk desk_;
  http::Server server_;
  http::PooledClient client_;
};

TEST_CASE("the sandbox answers over the network as it does without") {
  Wire wire(Desk::small());
  const http::Response made = wire.ask("POST", "/v2/list/4/task", R"({"name":"Über"})");
  CHECK(made.status == 200);
  CHECK(made.headers.find("X-RateLimit-Remaining") == "9999");
  const std::string id(parse_json(made.body)["id"].as_string());
  CHECK(parse_json(wire.ask("GET", "/v2/task/" + id).body)["name"].as_string() == "Über");
  CHECK(wire.ask("DELETE", "/v2/task/" + id).status == 204);
  CHECK(wire.ask("GET", "/v2/task/" + id).status == 404);
  CHECK(wire.ask("PUT", "/v2/space/2/tag/bug", R"({"tag":{"name":"a/b"}})").status == 200);
  CHECK(wire.ask("DELETE", "/v2/space/2/tag/a%2Fb").status == 200);
}

TEST_CASE("a truncated answer is a lost connection") {
  SandboxOptions options = Desk::small();
  options.faults = {"GET /v2/team:truncate:1"};
  Wire wire(std::move(options));
  CHECK_THROWS_AS(wire.ask("GET", "/v2/team"), Error);
  CHECK(wire.ask("GET", "/v2/user").status == 200);
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
