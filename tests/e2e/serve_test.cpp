#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

std::string hook(const std::string& name, const std::string& with, const std::string& nodes) {
  return "name: " + name + "\nnodes:\n  - id: hook\n    type: webhook\n    with: { " + with +
         " }\n" + nodes;
}

const char* const kSum = R"(  - id: sum
    type: set
    with: { fields: { sum: "{{ $json.body.a + $json.body.b }}" }, keep: none }
)";

}  // namespace

TEST_CASE("a webhook is answered when it is stored, and its workflow runs") {
  const Place place;
  place.file("sum.yaml", hook("Sum", "path: sum", kSum));
  Served server(place);
  const http::Response answer = server.post("/webhook/sum", R"({"a":1,"b":2})");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"received":true})");
  wait_for_executions(place, "success", 1);
  const Outcome shown = place.engine({"executions", "show", place.newest(), "--node", "sum"});
  CHECK(contains(shown.out, "\"sum\": 3"));
  CHECK(server.call("GET", "/webhook/sum").status == 405);
  CHECK(server.call("GET", "/webhook/sum").headers.find("Allow") == "POST");
  CHECK(server.post("/webhook/none", "{}").status == 404);
  CHECK(server.post("/webhook/sum", "{").status == 400);
  CHECK(server.stop().code == 0);
}

TEST_CASE("the last node answers, and so does a respond node") {
  const Place place;
  place.file("last.yaml", hook("Last", "path: last, response: last_node, status: 201", kSum));
  place.file("respond.yaml",
             hook("Respond", "path: \"items/:id\", response: respond", R"(  - id: answer
    type: respond
    with: { status: 202, headers: { X-Id: "{{ $json.params.id }}" }, text: "{{ $json.query.q }}!" }
)"));
  place.file("back.yaml", hook("Back", "path: back, raw: true, response: respond",
                               "  - id: answer\n    type: respond\n    with: { binary: body }\n"));
  place.file("away.yaml", hook("Away", "path: away, methods: [GET], response: respond",
                               "  - id: go\n    type: respond\n    with: { redirect: /there }\n"));
  const Served server(place);
  const http::Response last = server.post("/webhook/last", R"({"a":1,"b":2})");
  CHECK(last.status == 201);
  CHECK(last.body == R"({"sum":3})");
  const http::Response answer = server.call("POST", "/webhook/items/a%2Fb?q=hi");
  CHECK(answer.status == 202);
  CHECK(answer.body == "hi!");
  CHECK(answer.headers.find("X-Id") == "a/b");
  const std::string bytes("\x89PNG\0\r\n", 7);
  const http::Response back =
      server.call("POST", "/webhook/back", bytes, {{"Content-Type", "image/png"}});
  CHECK(back.status == 200);
  CHECK(back.body == bytes);
  CHECK(back.headers.find("Content-Type") == "image/png");
  const http::Response away = server.call("GET", "/webhook/away");
  CHECK(away.status == 302);
  CHECK(away.headers.find("Location") == "/there");
}

TEST_CASE("a delivery is tried out without a server") {
  const Place place;
  const std::string flow = place.file("sum.yaml", hook("Sum", "path: sum", kSum));
  const std::string delivery = place.file(
      "delivery.json", R"({"method":"POST","headers":{},"query":{},"body":{"a":1,"b":2}})");
  const Outcome ran = place.engine({"run", flow, "-q", "--input", delivery});
  CHECK(ran.code == 0);
  CHECK(parse_json(ran.out) == parse_json(R"([{"sum":3}])"));
}

TEST_CASE("a workflow that fails is answered 500 without a word about its inside") {
  const Place place;
  place.file("fail.yaml",
             hook("Fail", "path: fail, response: last_node",
                  "  - id: stop\n    type: stop_error\n    with: { message: Secret }\n"));
  const Served server(place);
  const http::Response answer = server.post("/webhook/fail", "{}");
  CHECK(answer.status == 500);
  CHECK_FALSE(contains(answer.body, "Secret"));
  CHECK(contains(answer.body, place.newest()));
}

TEST_CASE("after kill -9 what was acknowledged goes on, and nothing is repeated") {
  const Place place;
  Upstream upstream;
  upstream.hold("/second");
  place.file("two.yaml", hook("Two", "path: two", R"(  - id: first
    type: http_request
    with: { url: ")" + upstream.url("/first") + R"(" }
  - id: second
    type: http_request
    with: { url: ")" + upstream.url("/second") + R"(" }
)"));
  {
    Served server(place, ".", {"--allow-private"});
    CHECK(server.post("/webhook/two", "{}").status == 200);
    REQUIRE(upstream.wait_for("/second"));
    server.kill();
  }
  upstream.release();
  const Served again(place, ".", {"--allow-private"});
  wait_for_executions(place, "success", 1);
  CHECK(upstream.asked("/first") == 1);
  CHECK(upstream.asked("/second") == 2);
  CHECK(place.executions().size() == 1);
}

TEST_CASE("requests without a credential do not reach private addresses") {
  const Place place;
  Upstream upstream;
  place.file("inner.yaml", hook("Inner", "path: inner, response: last_node",
                                "  - id: ask\n    type: http_request\n    with: { url: \"" +
                                    upstream.url("/x") + "\" }\n"));
  const Served server(place);
  CHECK(server.post("/webhook/inner", "{}").status == 500);
  CHECK(upstream.asked("/x") == 0);
}

}  // namespace engine::e2e
