#include "tests/e2e/clickup.h"

#include <doctest/doctest.h>

#include "core/value/json.h"

namespace engine::e2e {
namespace {

// The tasks of the List "Bugs", which has 300: three pages.
const std::string kAllTasks = workflow("All tasks", R"(  - id: tasks
    type: clickup.task.get_many
    credential: acme
    with: { list_id: "901", include_closed: true, subtasks: true }
)");

const std::string kOneTask = workflow("One task", R"(  - id: task
    type: clickup.task.get
    credential: acme
    with: { task_id: "{{ $json.id }}" }
)");

const std::string kLife = workflow("Life of a task", R"(  - id: make
    type: clickup.task.create
    credential: acme
    with: { list_id: "901", name: "Made by {{ $json.who }}", priority: high, tags: [bug] }
  - id: change
    type: clickup.task.update
    credential: acme
    with: { task_id: "{{ $json.id }}", name: "Changed by {{ $('start').item.json.who }}" }
  - id: comment
    type: clickup.comment.create
    credential: acme
    with: { on: task, id: "{{ $json.id }}", text: "Well done" }
  - id: comments
    type: clickup.comment.get_many
    credential: acme
    with: { on: task, id: "{{ $('make').first().json.id }}" }
  - id: read
    type: clickup.task.get
    credential: acme
    with: { task_id: "{{ $('make').first().json.id }}" }
  - id: drop
    type: clickup.task.delete
    credential: acme
    with: { task_id: "{{ $('make').first().json.id }}" }
)");

// What a node of the newest execution gave.
Value given(const Place& place, const std::string& node) {
  return parse_json(
      place.engine({"executions", "show", place.newest(), "--node", node, "--format", "json"}).out);
}

Outcome run_all_tasks(const Place& place) {
  return place.engine({"run", place.file("all.yaml", kAllTasks)});
}

}  // namespace

TEST_CASE("all tasks of a List come, page by page") {
  const Place place;
  ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const Outcome run = run_all_tasks(place);
  CHECK(run.code == 0);
  CHECK(contains(run.err, "tasks: 300 items"));
  const Value tasks = parse_json(run.out);
  CHECK(tasks.size() == 300);
  std::map<std::string, int> ids;
  for (const View task : tasks.elements()) {
    ++ids[std::string(task["id"].as_string())];
    CHECK(task["list"]["id"].as_string() == "901");
  }
  CHECK(ids.size() == 300);
  CHECK(clickup.stop().code == 0);
}

TEST_CASE("a task is made, changed, commented on, read and deleted") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("life.yaml", kLife);
  const Outcome run = place.engine({"run", flow, "--input", "-"}, R"({"who": "Ann"})");
  CHECK(run.code == 0);
  const Value made = given(place, "make")[std::size_t{0}];
  CHECK(made["name"].as_string() == "Made by Ann");
  CHECK(made["priority"]["priority"].as_string() == "high");
  const Value comments = given(place, "comments");
  REQUIRE(comments.size() == 1);
  CHECK(comments[std::size_t{0}]["comment_text"].as_string() == "Well done");
  const Value read = given(place, "read")[std::size_t{0}];
  CHECK(read["id"].as_string() == made["id"].as_string());
  CHECK(read["name"].as_string() == "Changed by Ann");
  const std::string input = R"({"id": ")" + std::string(made["id"].as_string()) + R"("})";
  const Outcome gone =
      place.engine({"run", place.file("one.yaml", kOneTask), "--input", "-"}, input);
  CHECK(gone.code == 1);
  CHECK(contains(gone.err, "ClickUp answered 404"));
  CHECK(error_of(place)["code"].as_string() == "not_found");
}

// ClickUp answers 401 for ids that it does not know; the token is not to blame.
TEST_CASE("a wrong id is told apart from a bad token") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("one.yaml", kOneTask);
  const Outcome run = place.engine({"run", flow, "--input", "-"}, R"({"id": "nope99"})");
  CHECK(run.code == 1);
  CHECK(contains(run.err, "one.yaml:"));
  CHECK(contains(run.err, "node 'task', item 1"));
  CHECK(contains(run.err, "ClickUp answered 401 OAUTH_027"));
  CHECK(contains(run.err, "The token itself is good"));
  CHECK(error_of(place)["code"].as_string() == "not_authorised");
}

TEST_CASE("on_error: output keeps the items that failed") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("some.yaml", workflow("Some", R"(  - id: task
    type: clickup.task.get
    credential: acme
    on_error: output
    with: { task_id: "{{ $json.id }}" }
  - id: found
    after: task.main
    type: set
    with: { keep: none, fields: { found: "{{ $json.id }}" } }
  - id: lost
    after: task.error
    type: set
    with: { keep: none, fields: { lost: "{{ $json.id }}" } }
)"));
  CHECK(run_all_tasks(place).code == 0);
  const std::string id(given(place, "tasks")[std::size_t{0}]["id"].as_string());
  const Outcome run =
      place.engine({"run", flow, "--input", "-"}, R"([{"id":"nope99"},{"id":")" + id + R"("}])");
  CHECK(run.code == 0);
  CHECK(given(place, "found") == parse_json(R"([{"found":")" + id + R"("}])"));
  CHECK(given(place, "lost") == parse_json(R"([{"lost":"nope99"}])"));
}

TEST_CASE("a revoked token exits with 4") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme", "pk_was_revoked");
  const Outcome run = run_all_tasks(place);
  CHECK(run.code == 4);
  CHECK(contains(run.err, "was revoked"));
  CHECK(error_of(place)["cause"].as_string() == "credential");
  CHECK_FALSE(contains(run.all(), "pk_was_revoked"));
}

TEST_CASE("when the rate limit is used up, the timeout of the node ends the wait") {
  const Place place;
  const ClickUp clickup(place, {"--rate-limit", "2"});
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("limited.yaml", workflow("Limited", R"(  - id: tasks
    type: clickup.task.get_many
    credential: acme
    timeout: 2s
    with: { list_id: "901", include_closed: true, subtasks: true }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(error_of(place)["cause"].as_string() == "timeout");
  CHECK(error_of(place)["code"].as_string() == "timeout");
}

TEST_CASE("a service that fails is an upstream error that names its answer") {
  struct Case {
    const char* fault;
    const char* says;
  };
  for (const Case& each :
       {Case{"GET /v2/list/*/task:500:1", "500"}, Case{"GET /v2/list/*/task:truncate:1", ""},
        Case{"GET /v2/list/*/task:garbage:1", "JSON"}}) {
    CAPTURE(each.fault);
    const Place place;
    const ClickUp clickup(place, {"--fault", each.fault});
    clickup.add_credential(place, "acme");
    const Outcome run = run_all_tasks(place);
    CAPTURE(run.err);
    CHECK(run.code == 1);
    CHECK(run.out == "");
    CHECK(contains(run.err, "node 'tasks'"));
    CHECK(contains(run.err, each.says));
    CHECK(error_of(place)["cause"].as_string() == "upstream");
  }
}

TEST_CASE("a request that fails now and then is repeated until it works") {
  const Place place;
  const ClickUp clickup(place, {"--fault", "GET /v2/list/*/task:500:0.3"});
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("retry.yaml", workflow("Retry", R"(  - id: tasks
    type: clickup.task.get_many
    credential: acme
    retry: { attempts: 20, delay: 10ms, backoff: fixed }
    with: { list_id: "901", include_closed: true, subtasks: true }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 0);
  CHECK(parse_json(run.out).size() == 300);
}

TEST_CASE("writing is not repeated behind the user's back") {
  const Place place;
  const ClickUp clickup(place, {"--fault", "POST /v2/list/*/task:truncate:1"});
  clickup.add_credential(place, "acme");
  CHECK(run_all_tasks(place).code == 0);
  const std::string flow = place.file("life.yaml", kLife);
  CHECK(place.engine({"run", flow, "--input", "-"}, R"({"who": "Ann"})").code == 1);
  // The sandbox has made the task although its answer was cut off: once, not three times.
  CHECK(parse_json(run_all_tasks(place).out).size() == 301);
}

TEST_CASE("--dry-run reads, but sends nothing that writes") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("dry.yaml", workflow("Dry", R"(  - id: tasks
    type: clickup.task.get_many
    credential: acme
    with: { list_id: "901", include_closed: true, subtasks: true, limit: 2 }
  - id: change
    type: clickup.task.update
    credential: acme
    with: { task_id: "{{ $json.id }}", name: "Changed" }
  - id: make
    after: tasks
    type: clickup.task.create
    credential: acme
    with: { list_id: "901", name: "Made" }
  - id: remark
    type: clickup.comment.create
    credential: acme
    with: { on: task, id: "{{ $json.id }}", text: "About {{ $json.name }}" }
  - id: look
    after: make
    type: clickup.task.get
    credential: acme
    with: { task_id: "{{ $json.id }}" }
  - id: drop
    after: tasks
    type: clickup.task.delete
    credential: acme
    with: { task_id: "{{ $json.id }}" }
)"));
  const Outcome before = run_all_tasks(place);
  const std::size_t stored = place.executions().size();
  const Outcome dry = place.engine({"run", flow, "--dry-run"});
  CHECK(dry.code == 0);
  CHECK(count_of(dry.err, "would    change: PUT " + clickup.api_url() + "/v2/task/") == 2);
  CHECK(count_of(dry.err, "would    make: POST ") == 2);
  CHECK(count_of(dry.err, "would    drop: DELETE ") == 2);
  CHECK(count_of(dry.err, "would    remark: POST " + clickup.api_url() + "/v2/task/dry_run/") == 2);
  CHECK(contains(dry.err, "About Made"));
  CHECK(count_of(dry.err, "would    look: GET " + clickup.api_url() + "/v2/task/dry_run") == 2);
  CHECK(contains(dry.err, "\"name\": \"Changed\""));
  CHECK_FALSE(contains(dry.all(), "pk_sandbox"));
  CHECK(place.executions().size() == stored);
  CHECK(run_all_tasks(place).out == before.out);  // nothing there has changed
}

TEST_CASE("a dry run that needs what only an answer could tell says so") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("dry.yaml", workflow("Dry", R"(  - id: make
    type: clickup.task.create
    credential: acme
    with: { list_id: "901", name: "Made" }
  - id: told
    type: set
    with: { fields: { by: "{{ $json.creator.username }}" } }
)"));
  const Outcome dry = place.engine({"run", flow, "--dry-run"});
  CHECK(dry.code == 1);
  CHECK(contains(dry.err, "'$json.creator' is undefined"));
  CHECK(contains(dry.err, "In a dry run, what was not sent has no answer"));
}

TEST_CASE("the sandbox begins with a seed of one's own") {
  const Place place;
  // The one of its help text.
  place.file("small.json", R"({"workspaces": [{"name": "Acme",
    "users": [{"id": 101, "username": "Ada", "email": "ada@example.com", "token": "pk_ada"}],
    "spaces": [{"name": "Product", "lists": [{"id": "901", "name": "Bugs",
      "tasks": [{"name": "Crash", "status": "to do", "tags": ["bug"], "due_date": "5d"}]}]}]}]})");
  const ClickUp clickup(place, {"--seed", "small.json"});
  const Value tasks = clickup.ask("GET", "/v2/list/901/task", "", "pk_ada")["tasks"];
  REQUIRE(tasks.size() == 1);
  const View task = tasks[std::size_t{0}];
  CHECK(task["name"].as_string() == "Crash");
  CHECK(task["tags"][std::size_t{0}]["name"].as_string() == "bug");
}

TEST_CASE("without a seed the sandbox has two spaces, six lists and a thousand tasks") {
  const Place place;
  const ClickUp clickup(place);
  const Value spaces = clickup.ask("GET", "/v2/team/9001/space")["spaces"];
  CHECK(spaces.size() == 2);
  std::size_t lists = 0;
  std::int64_t tasks = 0;
  const auto count = [&](View all) {
    for (const View list : all.elements()) {
      ++lists;
      tasks += list["task_count"].as_integer().value_or(0);
    }
  };
  for (const View space : spaces.elements()) {
    const std::string path = "/v2/space/" + std::string(space["id"].as_string());
    const Value loose = clickup.ask("GET", path + "/list")["lists"];
    count(loose);
    const Value folders = clickup.ask("GET", path + "/folder")["folders"];
    for (const View folder : folders.elements()) count(folder["lists"]);
  }
  CHECK(lists == 6);
  CHECK(tasks == 1000);
}

TEST_CASE("the sandbox says what is wrong with its options") {
  const Place place;
  const Outcome fault = place.engine({"sandbox", "clickup", "--port", "0", "--fault", "all"});
  CHECK(fault.code == 2);
  CHECK(contains(fault.err, "METHOD PATH:WHAT:PROBABILITY"));
  const ClickUp clickup(place);
  const std::string& url = clickup.api_url();
  const std::size_t colon = url.rfind(':');
  const std::string port = url.substr(colon + 1, url.rfind('/') - colon - 1);
  const Outcome taken = place.engine({"sandbox", "clickup", "--port", port});
  CHECK(taken.code == 2);
  CHECK(contains(taken.err, port));
}

}  // namespace engine::e2e
