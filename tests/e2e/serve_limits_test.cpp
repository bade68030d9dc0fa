#include <doctest/doctest.h>

#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

std::string slow_flow(const Upstream& upstream, const std::string& response) {
  return "name: slow\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: slow, response: " +
         response + " }\n  - id: ask\n    type: http_request\n    with: { url: \"" +
         upstream.url("/slow") + "\" }\n";
}

}  // namespace

TEST_CASE("a full queue refuses with 503 before it accepts, and takes up again") {
  const Place place;
  Upstream upstream;
  upstream.hold("/slow");
  place.file("slow.yaml", slow_flow(upstream, "received"));
  Served server(place, ".", {"--allow-private", "--running", "1", "--queued", "1"});
  CHECK(server.post("/webhook/slow", "{}").status == 200);
  REQUIRE(upstream.wait_for("/slow"));
  CHECK(server.post("/webhook/slow", "{}").status == 200);  // has to wait for its turn
  const http::Response refused = server.post("/webhook/slow", "{}");
  CHECK(refused.status == 503);
  CHECK(refused.headers.find("Retry-After"));
  upstream.release();
  wait_for_executions(place, "success", 2);
  CHECK(server.post("/webhook/slow", "{}").status == 200);
  wait_for_executions(place, "success", 3);
  CHECK(upstream.asked("/slow") == 3);
}

TEST_CASE("a caller waits no longer than the limit, and the execution goes on") {
  const Place place;
  Upstream upstream;
  upstream.hold("/slow");
  place.file("slow.yaml", slow_flow(upstream, "last_node"));
  Served server(place, ".", {"--allow-private", "--answer-limit", "100ms"});
  const http::Response answer = server.post("/webhook/slow", "{}");
  CHECK(answer.status == 504);
  upstream.release();
  wait_for_executions(place, "success", 1);
}

TEST_CASE("limits that are none are refused") {
  const Place place;
  for (const auto& limit :
       {std::pair{"--answer-limit", "soon"}, {"--answer-limit", "0s"}, {"--running", "0"}}) {
    const Outcome outcome = place.engine({"serve", ".", limit.first, limit.second});
    CAPTURE(limit.first);
    CHECK(outcome.code == 2);
    CHECK(contains(outcome.err, limit.first));
  }
}

}  // namespace engine::e2e
