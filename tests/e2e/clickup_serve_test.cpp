// `engine serve` with workflows that ClickUp starts: server and sandbox as processes, and the
// network between them.
#include <doctest/doctest.h>

#include "core/http/server.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/clickup.h"
#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

/// A port that the server can have again after a restart.
std::uint16_t free_port() {
  return http::Server({}, [](const http::ServerRequest&) { return http::ServerResponse(); }).port();
}

/// A place with a sandbox, a credential for it, and a server that the sandbox can call.
class Automation {
 public:
  Automation() : clickup_(place, {"--webhook-retry", "20ms"}), port_(free_port()) {
    clickup_.add_credential(place, "clickup");
  }

  Served serve(const std::string& what = ".") const {
    const std::string port = std::to_string(port_);
    return Served(place, what,
                  {"--port", port, "--public-url", "http://127.0.0.1:" + port, "--allow-private"});
  }

  Value ask(const std::string& method, const std::string& path,
            const std::string& json = "") const {
    return clickup_.ask(method, path, json);
  }
  std::string new_task(const std::string& json = R"({"name":"New"})") const {
    return to_text(ask("POST", "/v2/list/901/task", json)["id"]);
  }
  Value comments(const std::string& task) const {
    return ask("GET", "/v2/task/" + task + "/comment")["comments"];
  }
  Value webhooks() const { return ask("GET", "/v2/team/9001/webhook")["webhooks"]; }
  void wait_for_webhooks(std::size_t count) const {
    wait_until([&] { return webhooks().size() == count; });
  }

  const Place place;

 private:
  ClickUp clickup_;
  std::uint16_t port_;
};

std::string flow(const std::string& with, const std::string& nodes) {
  return "name: Flow\nnodes:\n  - id: created\n    type: clickup.trigger\n"
         "    credential: clickup\n    with: { team: \"9001\", " +
         with + " }\n" + nodes;
}

const std::string kComment = R"(  - id: comment
    type: clickup.comment.create
    credential: clickup
    with: { on: task, id: "{{ $('created').item.json.task_id }}", text: "Seen" }
)";

std::string request_to(const Upstream& upstream, const std::string& path) {
  return "  - id: " + path.substr(1) + "\n    type: http_request\n    with: { url: \"" +
         upstream.url(path) + "\" }\n";
}

}  // namespace

TEST_CASE("a new task goes to who looks after its list, who is told once") {
  const Automation automation;
  Served server =
      automation.serve(std::string(ENGINE_SOURCE_DIR) + "/workflows/clickup-autoassign.yaml");
  automation.wait_for_webhooks(1);
  automation.ask("PUT", "/v2/list/901", R"({"assignee":"103"})");
  const std::string task = automation.new_task();
  wait_until([&] { return automation.comments(task).size() > 0; });
  wait_for_executions(automation.place, "success", 1);
  const Value assignees = automation.ask("GET", "/v2/task/" + task)["assignees"];
  REQUIRE(assignees.size() == 1);
  CHECK(assignees[std::size_t{0}]["id"].as_integer() == 103);
  const Value comments = automation.comments(task);
  REQUIRE(comments.size() == 1);
  CHECK(comments[std::size_t{0}]["comment_text"].as_string() ==
        "Chloe Martin, this is yours: you look after Bugs.");
  // Somebody has it: the workflow runs and leaves it alone.
  const std::string taken = automation.new_task(R"({"name":"Taken","assignees":[102]})");
  wait_for_executions(automation.place, "success", 2);
  CHECK(automation.comments(taken).size() == 0);
  CHECK(server.stop().code == 0);
  CHECK(automation.webhooks().size() == 1);  // stopping is not removing
}

TEST_CASE("kill -9 in the middle: the workflow goes on, and comments once") {
  const Automation automation;
  Upstream upstream;
  upstream.hold("/gate");
  automation.place.file("flow.yaml",
                        flow("events: taskCreated", request_to(upstream, "/gate") + kComment));
  Served first = automation.serve("flow.yaml");
  automation.wait_for_webhooks(1);
  const std::string hook = to_text(automation.webhooks()[std::size_t{0}]["id"]);
  const std::string task = automation.new_task();
  REQUIRE(upstream.wait_for("/gate"));
  first.kill();
  upstream.release();
  Served second = automation.serve("flow.yaml");
  wait_for_executions(automation.place, "success", 1);
  CHECK(automation.comments(task).size() == 1);
  CHECK(automation.place.executions().size() == 1);
  // The webhook is the one that it was, and still works.
  CHECK(to_text(automation.webhooks()[std::size_t{0}]["id"]) == hook);
  const std::string next = automation.new_task();
  wait_for_executions(automation.place, "success", 2);
  CHECK(automation.comments(next).size() == 1);
  CHECK(second.stop().code == 0);
}

TEST_CASE("what happened while the server was down is caught up with, once") {
  const Automation automation;
  automation.place.file("flow.yaml", flow("events: taskCreated, catch_up: true", kComment));
  Served first = automation.serve("flow.yaml");
  automation.wait_for_webhooks(1);
  const std::string before = automation.new_task();
  wait_for_executions(automation.place, "success", 1);
  first.kill();
  const std::string missed = automation.new_task();
  wait_until([&] {
    return to_text(automation.webhooks()[std::size_t{0}]["health"]["status"]) == "failing";
  });
  Served second = automation.serve("flow.yaml");
  wait_for_executions(automation.place, "success", 2);
  const std::string after = automation.new_task();
  wait_for_executions(automation.place, "success", 3);
  for (const std::string& task : {before, missed, after}) {
    CAPTURE(task);
    CHECK(automation.comments(task).size() == 1);
  }
  CHECK(to_text(automation.webhooks()[std::size_t{0}]["health"]["status"]) == "active");
}

TEST_CASE("two workflows each have a webhook; a file that goes takes its own along") {
  const Automation automation;
  const std::string text = flow("events: taskCreated", "  - id: end\n    type: no_op\n");
  automation.place.file("one.yaml", text);
  std::string other = text;
  automation.place.file("two.yaml", other.replace(other.find("Flow"), 4, "Other"));
  const Served server = automation.serve();
  automation.wait_for_webhooks(2);
  automation.new_task();
  wait_for_executions(automation.place, "success", 2);
  std::filesystem::remove(automation.place.folder() / "two.yaml");
  automation.wait_for_webhooks(1);
  CHECK(contains(to_text(automation.webhooks()[std::size_t{0}]["endpoint"]), "/hooks/Flow/"));
}

TEST_CASE("without a public URL, polling does it") {
  const Automation automation;
  automation.place.file(
      "flow.yaml", flow("events: taskCreated, mode: poll, every: 1s, list: \"901\"", kComment));
  const Served server(automation.place, "flow.yaml", {"--allow-private"});
  // The first poll only looks at the clock; what comes after it counts.
  std::string task;
  wait_until([&] {
    task = automation.new_task();
    return automation.place.executions().size() > 0;
  });
  wait_until([&] { return automation.comments(task).size() == 1; });
  CHECK(automation.webhooks().size() == 0);
}

}  // namespace engine::e2e
