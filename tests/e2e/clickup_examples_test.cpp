// The examples of workflows/, as they are, against the sandbox's own workspace.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/clickup.h"

namespace engine::e2e {
namespace {

const std::string kWorkflows = std::string(ENGINE_SOURCE_DIR) + "/workflows";

struct Example {
  Place place;
  ClickUp clickup{place};

  Example() { clickup.add_credential(place, "clickup"); }

  Outcome run(const std::string& name, const std::string& files = ".") const {
    Outcome outcome = place.engine({"--files", files, "run", kWorkflows + "/" + name + ".yaml"});
    CAPTURE(outcome.err);
    CHECK(outcome.code == 0);
    return outcome;
  }
  // What a node of the newest execution gave.
  Value given(const std::string& node) const {
    return parse_json(
        place.engine({"executions", "show", place.newest(), "--node", node, "--format", "json"})
            .out);
  }
};

}  // namespace

TEST_CASE("example: the time report counts every entry once for each of its tags") {
  const Example example;
  example.run("clickup-time-report");
  const std::string csv = read_all(example.place.folder() / "time-report.csv");
  CHECK(csv.rfind("person,tag,entries,hours", 0) == 0);
  const Value entries = example.given("entries");
  REQUIRE(entries.size() > 0);
  std::size_t expected = 0;
  for (const View entry : entries.elements()) {
    expected += std::max<std::size_t>(1, entry["task_tags"].size());
  }
  std::size_t counted = 0;
  double hours = 0;
  const Value sums = example.given("sums");
  for (const View row : sums.elements()) {
    counted += static_cast<std::size_t>(row["entries"].as_integer().value_or(0));
    hours += row["hours"].as_number().value_or(0);
  }
  CHECK(counted == expected);
  CHECK(hours > 0);
  CHECK(count_of(csv, "\n") == sums.size() + 1);
}

TEST_CASE("example: fields are copied once, and then nothing differs") {
  const Example example;
  example.run("clickup-sync-fields");
  const Value changed = example.given("changed");
  REQUIRE(changed.size() > 0);
  CHECK(example.given("set").size() == changed.size());
  example.run("clickup-sync-fields");
  CHECK(example.given("values").size() >= changed.size());
  CHECK(example.given("changed").size() == 0);
}

TEST_CASE("example: rows of the file become tasks, each once however often it runs") {
  const Example example;
  const Value made = parse_json(example.run("csv-to-clickup", ENGINE_SOURCE_DIR).out);
  REQUIRE(made.size() == 2);
  CHECK(made[std::size_t{0}]["name"].as_string() == "Order chairs");
  CHECK(made[std::size_t{1}]["name"].as_string() == "Order desks");
  CHECK(parse_json(example.run("csv-to-clickup", ENGINE_SOURCE_DIR).out).size() == 0);
}

TEST_CASE("example: every task gets the file") {
  const Example example;
  const Value rows = parse_json(example.run("clickup-attach-file", ENGINE_SOURCE_DIR).out);
  const Value tasks = example.given("tasks");
  REQUIRE(tasks.size() > 0);
  CHECK(rows.size() == tasks.size());
  for (const View row : rows.elements()) CHECK(row["result"].as_string() == "tasks.csv");
  CHECK(example.given("attach").size() == tasks.size());
}

TEST_CASE("example: the doc's page has a row for each task") {
  const Example example;
  const Value page = parse_json(example.run("clickup-doc-page").out)[std::size_t{0}];
  const Value tasks = example.given("tasks");
  REQUIRE(tasks.size() > 0);
  const std::string content(page["content"].as_string());
  CHECK(count_of(content, "\n") >= tasks.size() + 1);
  for (const View task : tasks.elements()) CHECK(contains(content, task["url"].as_string()));
}

}  // namespace engine::e2e
