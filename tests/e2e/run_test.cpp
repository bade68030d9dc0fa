#include <doctest/doctest.h>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

// Gives each item with its number doubled.
const std::string kDouble = workflow("Double", R"(  - id: double
    type: set
    with:
      keep: none
      fields: { n: "{{ $json.n * 2 }}" }
  - id: next
    type: set
    with:
      fields: { after: true }
)");

}  // namespace

TEST_CASE("the shipped example says hello, and its execution is stored") {
  const Place place;
  const Outcome run =
      place.engine({"run", std::string(ENGINE_SOURCE_DIR) + "/workflows/hello.yaml"});
  CHECK(run.code == 0);
  const Value items = parse_json(run.out);
  REQUIRE(items.size() == 1);
  const Value item = items[std::size_t{0}];
  CHECK(item["message"].as_string() == "Hello from engine");
  CHECK(item["execution"].as_string() == place.newest());
  CHECK(contains(run.err, "greeting: 1 item"));
}

TEST_CASE("a list of items comes from a file") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  const std::string input = place.file("items.json", R"([{"n": 1}, {"n": 21}])");
  const Outcome run = place.engine({"run", flow, "--input", input, "--quiet"});
  CHECK(run.code == 0);
  CHECK(run.err == "");
  CHECK(parse_json(run.out) == parse_json(R"([{"n":2,"after":true},{"n":42,"after":true}])"));
}

TEST_CASE("items come from the standard input, also one object per line") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  const Outcome one = place.engine({"run", flow, "--input", "-", "-q"}, R"({"n": 4})");
  CHECK(parse_json(one.out) == parse_json(R"([{"n":8,"after":true}])"));
  const Outcome lines =
      place.engine({"run", flow, "--input", "-", "-q"}, "{\"n\": 4}\n{\"n\": 5}\n");
  CHECK(parse_json(lines.out) == parse_json(R"([{"n":8,"after":true},{"n":10,"after":true}])"));
}

TEST_CASE("a workflow is found by the name of its file and by its own name") {
  const Place place;
  place.file("twice.yaml", kDouble);
  for (const char* name : {"twice.yaml", "twice", "Double"}) {
    CAPTURE(name);
    CHECK(place.engine({"run", name, "-q", "--output", "none"}).code == 0);
  }
  const Outcome folder = place.engine({"run", "."});
  CHECK(folder.code == 2);
  CHECK(contains(folder.err, "'.' is a folder. Name one workflow file in it"));
  const Outcome wrong = place.engine({"run", "twicee"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "Did you mean 'twice'?"));
}

TEST_CASE("each output format is what it says") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  const std::string input = place.file("items.json", R"([{"n": 1}, {"n": 2}])");
  const auto out = [&](const std::string& format) {
    return place.engine({"run", flow, "--input", input, "-q", "--output", format}).out;
  };
  CHECK(parse_json(out("json")).size() == 2);
  CHECK(parse_json(out("pretty")) == parse_json(out("json")));
  CHECK(contains(out("pretty"), "  \"n\": 4"));
  CHECK(out("table") == "n  after\n2  true\n4  true\n");
  CHECK(out("none") == "");
}

TEST_CASE("--until stops after a node and prints what it gives") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  const Outcome run =
      place.engine({"run", flow, "--input", "-", "--until", "double"}, R"({"n":3})");
  CHECK(run.code == 0);
  CHECK(parse_json(run.out) == parse_json(R"([{"n":6}])"));
  CHECK_FALSE(contains(run.err, "next"));
  const Outcome wrong = place.engine({"run", flow, "--until", "doubel"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "Did you mean 'double'?"));
}

TEST_CASE("--trigger chooses where a run starts") {
  const Place place;
  const std::string flow = place.file("two.yaml", R"(name: Two
nodes:
  - id: one
    type: manual
  - id: from_one
    type: set
    with: { fields: { from: one } }
  - id: two
    type: manual
  - id: from_two
    type: set
    with: { fields: { from: two } }
)");
  CHECK(parse_json(place.engine({"run", flow, "-q"}).out) == parse_json(R"([{"from":"one"}])"));
  const Outcome two = place.engine({"run", flow, "-q", "--trigger", "two"});
  CHECK(parse_json(two.out) == parse_json(R"([{"from":"two"}])"));
  const Outcome wrong = place.engine({"run", flow, "--trigger", "three"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "'one' or 'two'"));
}

TEST_CASE("--no-save leaves no execution behind") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  CHECK(place.engine({"run", flow, "--no-save", "-q"}).code == 0);
  CHECK(place.executions().size() == 0);
  CHECK(place.engine({"run", flow, "-q"}).code == 0);
  CHECK(place.executions().size() == 1);
}

TEST_CASE("a failed execution exits with 1, names the place and says how to go on") {
  const Place place;
  const std::string flow = place.file("stop.yaml", workflow("Stop", R"(  - id: refuse
    type: stop_error
    with: { message: "No more of {{ $json.what }}" }
)"));
  const Outcome run = place.engine({"run", flow, "--input", "-"}, R"({"what": "this"})");
  CHECK(run.code == 1);
  CHECK(run.out == "");
  CHECK(contains(run.err, "stop.yaml:"));
  CHECK(contains(run.err, "node 'refuse'"));
  CHECK(contains(run.err, "No more of this"));
  CHECK(contains(run.err, "engine executions retry " + place.newest()));
}

TEST_CASE("what is kept nowhere is not offered to be retried") {
  const Place place;
  const std::string flow = place.file(
      "stop.yaml", "settings: { durability: none }\n" + workflow("Stop", R"(  - id: refuse
    type: stop_error
    with: { message: no }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK_FALSE(contains(run.err, "stored"));
  CHECK(place.executions().size() == 0);
}

TEST_CASE("wrong usage exits with 2 and says what is right") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  struct Case {
    std::vector<std::string> arguments;
    std::string text;
  };
  for (const Case& each :
       {Case{{"run", flow, "--outptu", "json"}, "Did you mean '--output'?"},
        Case{{"run", flow, "--output", "xml"}, "json,pretty,table,none"},
        Case{{"rnu", flow}, "Did you mean 'run'?"},
        Case{{"run", flow, "--input", "missing.json"}, "missing.json"},
        Case{{"help", "exections"}, "Did you mean 'executions'?"}, Case{{}, "--help"}}) {
    CAPTURE(each.text);
    const Outcome run = place.engine(each.arguments);
    CHECK(run.code == 2);
    CHECK(run.out == "");
    CHECK(contains(run.err, each.text));
  }
}

TEST_CASE("input that is not JSON objects exits with 2") {
  const Place place;
  const std::string flow = place.file("double.yaml", kDouble);
  const Outcome cut = place.engine({"run", flow, "--input", "-"}, R"([{"n": 1},)");
  CHECK(cut.code == 2);
  CHECK(contains(cut.err, "line 1, column"));
  const Outcome line = place.engine({"run", flow, "--input", "-"}, "{\"n\": 1}\n{\"n\": \n");
  CHECK(line.code == 2);
  CHECK(contains(line.err, "line 2 of the standard input is not valid JSON"));
  const Outcome number = place.engine({"run", flow, "--input", "-"}, "5");
  CHECK(number.code == 2);
  CHECK(contains(number.err, "must hold objects"));
}

TEST_CASE("help is printed for the program and for one command") {
  const Place place;
  const Outcome all = place.engine({"--help"});
  CHECK(all.code == 0);
  CHECK(contains(all.out, "executions"));
  CHECK(place.engine({"help"}).out == all.out);
  const Outcome one = place.engine({"help", "executions", "replay"});
  CHECK(one.code == 0);
  CHECK(contains(one.out, "--from NODE"));
  CHECK(place.engine({"version"}).out.rfind("engine ", 0) == 0);
}

}  // namespace engine::e2e
