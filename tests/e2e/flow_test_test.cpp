// `engine test`: on the repository's own workflows, and on files that fail.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

const std::string kDoubled = workflow("Double", R"(  - id: double
    type: set
    with:
      keep: none
      fields: { n: "{{ $json.n * 2 }}" }
)");

const std::string kCases = R"(cases:
  - name: Two
    items: [{ n: 1 }]
    expect:
      nodes:
        double: [{ n: 2 }]   # twice
  - name: Three
    items: [{ n: 3 }]
    expect: { result: [{ n: 7 }] }
)";

struct Doubles {
  Place place;
  Doubles() {
    place.file("double.yaml", kDoubled);
    place.file("double.test.yaml", kCases);
  }
};

}  // namespace

TEST_CASE("the tests of all shipped workflows pass, with no database, key or credential") {
  const Place place;
  const std::string workflows = std::string(ENGINE_SOURCE_DIR) + "/workflows";
  const Outcome tests = place.engine({"test", workflows});
  CAPTURE(tests.all());
  CHECK(tests.code == 0);
  CHECK(tests.err == "");
  CHECK(contains(tests.out, " passed, 0 failed\n"));
  CHECK_FALSE(std::filesystem::exists(place.database()));
  std::size_t flows = 0;
  for (const auto& entry : std::filesystem::directory_iterator(workflows)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".yaml") || name.ends_with(".test.yaml")) continue;
    ++flows;
    CAPTURE(name);
    const std::string tests_name = entry.path().stem().string() + ".test.yaml";
    CHECK(contains(tests.out, "/" + tests_name + ": "));
  }
  CHECK(flows >= 10);
}

TEST_CASE("the file is the test, the workflow it lies beside, or a folder") {
  const Doubles doubles;
  for (const std::string file : {"double.test.yaml", "double.yaml", "double", "."}) {
    CAPTURE(file);
    const Outcome tests = doubles.place.engine({"test", file});
    CHECK(tests.code == 1);
    CHECK(contains(tests.out, "ok       "));
    CHECK(contains(tests.out, "double.test.yaml:9:29: result[0].n: expected 7, got 6.\n"));
    CHECK(contains(tests.out, "1 passed, 1 failed\n"));
  }
  // Named twice, run once.
  CHECK(contains(doubles.place.engine({"test", "double.yaml", "double.test.yaml"}).out,
                 "1 passed, 1 failed\n"));
}

TEST_CASE("--update writes what was given, and then the tests pass") {
  const Doubles doubles;
  const Outcome update = doubles.place.engine({"test", "double.yaml", "--update"});
  CHECK(update.code == 0);
  CHECK(contains(update.out, "updated  double.test.yaml: Three\n"));
  std::string expected = kCases;
  expected.replace(expected.find("n: 7"), 4, "\"n\": 6");
  CHECK(read_all(doubles.place.folder() / "double.test.yaml") == expected);
  const Outcome again = doubles.place.engine({"test", "double.yaml"});
  CHECK(again.code == 0);
  CHECK(again.out ==
        "ok       double.test.yaml: Two\nok       double.test.yaml: Three\n"
        "2 passed, 0 failed\n");
}

TEST_CASE("reports are for people, programs and CI") {
  const Doubles doubles;
  const Outcome json = doubles.place.engine({"test", ".", "--format", "json"});
  CHECK(json.code == 1);
  const Value report = parse_json(json.out);
  CHECK(report["passed"].as_integer() == 1);
  const Value failed = report["files"][std::size_t{0}]["cases"][std::size_t{1}];
  CHECK(failed["name"].as_string() == "Three");
  CHECK(failed["differences"][std::size_t{0}]["line"].as_integer() == 9);
  const Outcome junit = doubles.place.engine({"test", ".", "--format", "junit"});
  CHECK(junit.code == 1);
  CHECK(contains(junit.out, "<testsuites tests=\"2\" failures=\"1\" errors=\"0\">"));
  CHECK(contains(junit.out, "<failure message=\"result[0].n: expected 7, got 6.\">"));
}

TEST_CASE("faults of a test file and of its workflow exit with 3; the other files are run") {
  const Doubles doubles;
  const Place& place = doubles.place;
  place.file("double.test.yaml", "cases:\n  - name: Good\n    items: { n: 1 }\n");
  place.file("bad.yaml", workflow("Bad", "  - id: b\n    type: lmit\n"));
  place.file("bad.test.yaml", "cases:\n  - name: Bad\n    itmes: []\n");
  place.file("lost.test.yaml", "cases:\n  - name: Lost\n");
  const Outcome tests = place.engine({"test", "."});
  CHECK(tests.code == 3);
  CHECK(contains(tests.err, "bad.test.yaml:3:5: "));
  CHECK(contains(tests.err, "Did you mean 'items'?"));
  CHECK(contains(tests.err, "bad.yaml:6:11: "));
  CHECK(contains(tests.err, "Did you mean 'limit'?"));
  CHECK(contains(tests.err, "There is no workflow file './lost.yaml'"));
  CHECK(contains(tests.out, "1 passed, 0 failed, 2 files are invalid\n"));
  const Value report = parse_json(place.engine({"test", ".", "--format", "json"}).out);
  CHECK(report["files"][std::size_t{0}]["faults"].size() == 2);
}

TEST_CASE("what cannot be tested is wrong usage") {
  const Place place;
  place.file("alone.yaml", kDoubled);
  struct Case {
    std::vector<std::string> arguments;
    const char* text;
  };
  for (const Case& each : {Case{{"test"}, "FILE is required"},
                           Case{{"test", "alone.yaml"}, "there is no alone.test.yaml"},
                           Case{{"test", "."}, "There is no file *.test.yaml"},
                           Case{{"test", "aloen"}, "Did you mean 'alone'?"},
                           Case{{"test", "missing.test.yaml"}, "cannot be read"},
                           Case{{"test", ".", "--format", "xml"}, "text,json,junit"}}) {
    CAPTURE(each.text);
    const Outcome tests = place.engine(each.arguments);
    CHECK(tests.code == 2);
    CHECK(tests.out == "");
    CHECK(contains(tests.err, each.text));
  }
}

TEST_CASE("a case with scripts and names of ClickUp's needs no account") {
  const Place place;
  place.file("flow.yaml", R"(name: Flow
nodes:
  - id: start
    type: manual
  - id: made
    type: code
    with: { js: "return [{ list: 'Inbox' }]" }
  - id: tasks
    type: clickup.task.create
    credential: nobody
    with: { list_id: "{{ $json.list }}", name: New }
)");
  // Each case looks the name up itself.
  std::string cases = "cases:\n";
  for (const char* id : {"901", "902"}) {
    cases += std::string("  - name: List ") + id + R"(
    http:
      - { request: "GET https://api.clickup.com/api/v2/team", response: { json: { teams: [{ id: "9", name: Acme }] } } }
      - { request: "GET https://api.clickup.com/api/v2/team/9/space", response: { json: { spaces: [{ id: "1", name: S }] } } }
      - { request: "GET https://api.clickup.com/api/v2/space/1/folder", response: { json: { folders: [] } } }
      - { request: "GET https://api.clickup.com/api/v2/space/1/list", response: { json: { lists: [{ id: ")" +
             id + R"(", name: Inbox }] } } }
      - { request: "POST https://api.clickup.com/api/v2/list/)" +
             id + R"(/task", response: { json: { id: a } } }
    expect: { result: [{ id: a }] }
)";
  }
  place.file("flow.test.yaml", cases);
  const Outcome tests = place.engine({"test", "flow.yaml"});
  CAPTURE(tests.all());
  CHECK(tests.code == 0);
}

TEST_CASE("the schema of test files is printed") {
  const Place place;
  const Outcome schema = place.engine({"schema", "--test"});
  CHECK(schema.code == 0);
  const Value root = parse_json(schema.out);
  CHECK(root["title"].as_string() == "Flow tests");
  const Value one = root["properties"]["cases"]["items"]["properties"];
  CHECK(one["pins"]["description"].given());
  CHECK(one["http"]["items"]["properties"]["request"]["$ref"].as_string() == "#/$defs/request");
  CHECK(one["expect"]["anyOf"][std::size_t{0}]["properties"]["not_run"].given());
  CHECK(place.engine({"schema", "--test", "--package"}).code == 2);
}

}  // namespace engine::e2e
