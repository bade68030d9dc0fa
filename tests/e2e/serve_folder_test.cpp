// The folder is the source of truth; time and waits hold over restarts.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/served.h"

namespace engine::e2e {
namespace {

std::string greeting(const std::string& text) {
  return R"(name: Greeting
nodes:
  - id: hook
    type: webhook
    with: { path: greet, methods: [GET], response: respond }
  - id: answer
    type: respond
    with: { text: ")" +
         text + R"(" }
)";
}

std::string greet(const Served& server) {
  return server.call("GET", "/webhook/greet").body;
}

}  // namespace

TEST_CASE("a server with nothing good to serve says so") {
  const Place place;
  place.file("faulty.yaml", "name: [");
  Served server(place);
  const Outcome ended = server.stop();
  CHECK(ended.code == 0);
  CHECK(contains(ended.err, "faulty.yaml:1:"));
  CHECK(contains(ended.err, "No workflow is served yet."));
}

TEST_CASE("a changed file takes over, a faulty one does not, a removed one is gone") {
  const Place place;
  place.file("greet.yaml", greeting("one"));
  Served server(place);
  CHECK(greet(server) == "one");
  place.file("greet.yaml", greeting("two"));
  wait_until([&] { return greet(server) == "two"; });
  place.file("greet.yaml", "name: [");
  place.file("other.yaml",
             "name: Other\nnodes:\n  - id: h\n    type: webhook\n"
             "    with: { path: other, methods: [GET] }\n"
             "  - id: n\n    type: no_op\n");
  wait_until([&] { return server.call("GET", "/webhook/other").status == 200; });
  CHECK(greet(server) == "two");
  std::filesystem::remove(place.folder() / "greet.yaml");
  wait_until([&] { return server.call("GET", "/webhook/greet").status == 404; });
  const Outcome ended = server.stop();
  CHECK(ended.code == 0);
  CHECK(contains(ended.err, "greet.yaml:1:"));
}

TEST_CASE("a path that is used twice is refused, with both files named") {
  const Place place;
  place.file("a.yaml", greeting("first"));
  std::string second = greeting("second");
  second.replace(second.find("Greeting"), 8, "Another");
  place.file("b.yaml", second);
  Served server(place);
  CHECK(greet(server) == "first");
  const Outcome ended = server.stop();
  CHECK(contains(ended.err, "b.yaml"));
  CHECK(contains(ended.err, "The path /webhook/greet of node 'hook' in"));
  CHECK(contains(ended.err, "a.yaml as well"));
}

TEST_CASE("a wait for its resume URL holds over a restart, and is resumed once") {
  const Place place;
  place.file("ask.yaml", R"(name: Ask
nodes:
  - id: hook
    type: webhook
    with: { path: ask, response: respond }
  - id: tell
    type: respond
    with: { text: "{{ $execution.resumeUrl }}" }
  - id: hold
    type: wait
    with: { webhook: true }
  - id: result
    type: set
    with: { fields: { answer: "{{ $json.resume.query.answer }}" }, keep: none }
)");
  std::string path;
  {
    Served server(place);
    const std::string url = server.post("/webhook/ask", "{}").body;
    path = url.substr(url.find("/resume/"));
    wait_for_executions(place, "waiting", 1);
    server.kill();
  }
  Served again(place);
  CHECK(again.call("GET", path.substr(0, path.size() - 1) + "x?answer=no").status == 404);
  CHECK(again.call("GET", path + "?answer=yes").status == 200);
  CHECK(again.call("GET", path + "?answer=yes").status == 410);
  wait_for_executions(place, "success", 1);
  const Outcome shown = place.engine({"executions", "show", place.newest(), "--node", "result"});
  CHECK(contains(shown.out, "\"answer\": \"yes\""));
}

TEST_CASE("a wait for a time goes on after a restart") {
  const Place place;
  place.file("later.yaml", R"(name: Later
nodes:
  - id: hook
    type: webhook
    with: { path: later }
  - id: hold
    type: wait
    with: { for: 3s }
  - id: after
    type: no_op
)");
  {
    Served server(place);
    CHECK(server.post("/webhook/later", "{}").status == 200);
    wait_for_executions(place, "waiting", 1);
    server.kill();
  }
  const Served again(place);
  wait_for_executions(place, "success", 1);
}

TEST_CASE("a schedule fires while the server runs") {
  const Place place;
  place.file("tick.yaml", R"(name: Tick
nodes:
  - id: tick
    type: schedule
    with: { every: 1s }
  - id: after
    type: no_op
)");
  const Served server(place);
  wait_until([&] { return place.executions().size() >= 2; });
  const Value all = place.executions();
  CHECK(all.view()[std::size_t{0}]["mode"].as_string() == "schedule");
  CHECK(all.view()[std::size_t{0}]["status"].as_string() == "success");
}

TEST_CASE("above its limit a workflow skips, or waits for its turn") {
  const Place place;
  const auto flow = [](const std::string& name, const std::string& when_full) {
    return "name: " + name + "\nsettings: { concurrency: { limit: 1, when_full: " + when_full +
           " } }\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name +
           " }\n  - id: hold\n    type: wait\n    with: { for: 2s }\n  - id: n\n    type: no_op\n";
  };
  place.file("skip.yaml", flow("skip", "skip"));
  place.file("queue.yaml", flow("queue", "queue"));
  const Served server(place);
  for (int i = 0; i < 3; ++i) {
    CHECK(server.post("/webhook/skip", "{}").status == 200);
  }
  for (int i = 0; i < 2; ++i) CHECK(server.post("/webhook/queue", "{}").status == 200);
  wait_for_executions(place, "success", 3);
  CHECK(place.executions().size() == 3);
}

}  // namespace engine::e2e
