// How the executions of a served workflow go together: versions, limits, failures.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

std::string gated(const Upstream& upstream, const std::string& name, const std::string& settings,
                  const std::string& with, const std::string& result) {
  return "name: " + name + "\nsettings: { " + settings +
         " }\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name + with +
         " }\n  - id: ask\n    type: http_request\n    with: { url: \"" + upstream.url("/gate") +
         "\" }\n  - id: result\n    type: set\n    with: { fields: { version: " + result +
         " }, keep: none }\n";
}

std::size_t count(const Place& place, const std::string& status) {
  const Outcome listed =
      place.engine({"executions", "list", "--status", status, "--format", "json"});
  return parse_json(listed.out).size();
}

const std::vector<std::string> kPrivate{"--allow-private"};

}  // namespace

TEST_CASE("an execution ends with the version that it began with, also after kill -9") {
  for (const bool killed : {false, true}) {
    CAPTURE(killed);
    const Place place;
    Upstream upstream;
    upstream.hold("/gate");
    place.file("flow.yaml", gated(upstream, "flow", "", "", "one"));
    auto server = std::make_unique<Served>(place, ".", kPrivate);
    CHECK(server->post("/webhook/flow", "{}").status == 200);
    REQUIRE(upstream.wait_for("/gate"));
    const std::string first = place.newest();
    place.file("flow.yaml", gated(upstream, "flow", "", ", methods: [PUT]", "two"));
    wait_until([&] { return server->call("PUT", "/webhook/flow").status == 200; });
    const std::string second = place.newest();
    CHECK(first != second);
    if (killed) {
      server->kill();
      server = std::make_unique<Served>(place, ".", kPrivate);
    }
    upstream.release();
    wait_for_executions(place, "success", 2);
    for (const auto& [id, version] : {std::pair{first, "one"}, {second, "two"}}) {
      const Outcome shown = place.engine({"executions", "show", id, "--node", "result"});
      CHECK(contains(shown.out, std::string("\"version\": \"") + version + "\""));
    }
  }
}

TEST_CASE("the oldest execution gives way when the workflow says so") {
  const Place place;
  Upstream upstream;
  upstream.hold("/gate");
  place.file("flow.yaml", gated(upstream, "flow",
                                "concurrency: { limit: 1, when_full: cancel_oldest }", "", "1"));
  const Served server(place, ".", kPrivate);
  CHECK(server.post("/webhook/flow", "{}").status == 200);
  REQUIRE(upstream.wait_for("/gate"));
  CHECK(server.post("/webhook/flow", "{}").status == 200);
  wait_for_executions(place, "cancelled", 1);
  REQUIRE(upstream.wait_for("/gate", 2));
  upstream.release();
  wait_for_executions(place, "success", 1);
}

TEST_CASE("a limit by key holds up only what has the same key") {
  const Place place;
  Upstream upstream;
  upstream.hold("/gate");
  place.file("flow.yaml", gated(upstream, "flow",
                                "concurrency: { limit: 1, key: \"{{ $json.body.k }}\" }", "", "1"));
  const Served server(place, ".", kPrivate);
  for (const char* body : {R"({"k":"a"})", R"({"k":"a"})", R"({"k":"b"})"}) {
    CHECK(server.post("/webhook/flow", body).status == 200);
  }
  REQUIRE(upstream.wait_for("/gate", 2));  // one of each key
  wait_until([&] {
    return contains(server.call("GET", "/metrics").body, "engine_executions_queued 1\n");
  });
  CHECK(upstream.asked("/gate") == 2);
  upstream.release();
  wait_for_executions(place, "success", 3);
}

TEST_CASE("what is run through the API keeps to the limits of its workflow") {
  const Place place;
  Upstream upstream;
  upstream.hold("/gate");
  place.file("skip.yaml",
             gated(upstream, "skip", "concurrency: { limit: 1, when_full: skip }", "", "1"));
  place.file("queue.yaml", gated(upstream, "queue", "concurrency: { limit: 1 }", "", "1"));
  std::string key;
  {
    Served first(place);
    const std::string shown = first.stop().err;
    const std::size_t at = shown.find("ek_");
    REQUIRE(at != std::string::npos);
    key = shown.substr(at, shown.find_first_of("\r\n", at) - at);
  }
  const Served server(place, ".", {"--allow-private", "--queued", "1"});
  const auto run = [&](const std::string& name) {
    return server.call("POST", "/api/v1/workflows/" + name + "/run", "",
                       {{"Authorization", "Bearer " + key}});
  };
  CHECK(run("skip").status == 202);
  CHECK(run("skip").status == 409);
  CHECK(run("queue").status == 202);
  const http::Response queued = run("queue");
  CHECK(queued.status == 202);
  const std::string id(parse_json(queued.body).view()["execution"].as_string());
  CHECK(place.newest() == id);  // it is stored already
  const http::Response refused = run("queue");
  CHECK(refused.status == 503);
  CHECK(refused.headers.find("Retry-After") == "1");
  REQUIRE(upstream.wait_for("/gate", 2));
  upstream.release();
  wait_for_executions(place, "success", 3);
  CHECK(place.executions().size() == 3);
}

TEST_CASE("a failure starts the error workflow once, with what happened") {
  const Place place;
  place.file("errors.yaml", R"(name: Errors
nodes:
  - id: failed
    type: error_trigger
  - id: told
    type: set
    with: { fields: { text: "{{ $json.workflow.name }}: {{ $json.execution.error.message }}" }, keep: none }
)");
  place.file("fail.yaml", R"(name: Fail
settings: { error_workflow: Errors }
nodes:
  - id: hook
    type: webhook
    with: { path: fail }
  - id: stop
    type: stop_error
    with: { message: "No {{ $json.body.what }}" }
)");
  Served server(place);
  CHECK(server.post("/webhook/fail", R"({"what":"milk"})").status == 200);
  wait_for_executions(place, "success", 1);
  CHECK(count(place, "failed") == 1);
  const Outcome listed =
      place.engine({"executions", "list", "--status", "success", "--format", "json"});
  const Value told = parse_json(listed.out)[std::size_t{0}];
  CHECK(told["mode"].as_string() == "error");
  const std::string id(told["id"].as_string());
  CHECK(contains(place.engine({"executions", "show", id, "--node", "told"}).out, "Fail: No milk"));
  CHECK(server.stop().code == 0);
  CHECK(place.executions().size() == 2);
}

}  // namespace engine::e2e
