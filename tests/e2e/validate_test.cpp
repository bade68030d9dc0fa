#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

struct Faulty {
  const char* name;
  std::string text;
  const char* position;  ///< "line:column"
  const char* says;
};

// A small file that would expand to a hundred million values.
std::string alias_bomb() {
  std::string text = "name: Bomb\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= 8; ++level) {
    const std::string before = "*a" + std::to_string(level - 1);
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before;
    for (int i = 1; i < 10; ++i) text += ", " + before;
    text += "]\n";
  }
  return text + "nodes: *a8\n";
}

std::vector<Faulty> faulty_files() {
  const std::string head = "name: X\nnodes:\n  - id: a\n    type: manual\n";
  return {
      {"malformed", head + "   bad: [\n", "5:4", "expected '- value'"},
      {"unquoted",
       head + "  - id: b\n    type: set\n    with:\n      fields:\n        x: {{ $json.a }}\n",
       "9:12", "Put the whole value in quotes"},
      {"tab", "name: X\nnodes:\n  - id: a\n\ttype: manual\n", "4:1", "indented with a tab"},
      {"twice", "name: X\nname: Y\nnodes:\n  - id: a\n    type: manual\n", "2:1",
       "the first is in line 1"},
      {"key", head + "    ofter: b\n", "5:5", "Did you mean 'after'?"},
      {"type", head + "  - id: b\n    type: lmit\n", "6:11", "Did you mean 'limit'?"},
      {"dangling",
       head + "  - id: bee\n    type: no_op\n    after: a\n  - id: c\n    type: no_op\n    after: "
              "bea\n",
       "10:12", "Did you mean 'bee'?"},
      {"cycle",
       head + "  - id: b\n    type: no_op\n    after: [a, c]\n  - id: c\n    type: no_op\n    "
              "after: b\n",
       "7:12", "b -> c -> b"},
      {"parameter", head + "  - id: b\n    type: limit\n    with:\n      max: many\n", "8:12",
       "expected a whole number of at least 0, got the text 'many'"},
      {"misspelt", head + "  - id: b\n    type: limit\n    with:\n      mxa: 1\n", "8:7",
       "Did you mean 'max'?"},
      {"credential",
       head + "  - id: b\n    type: clickup.task.get\n    credential: acme\n    with: { task_id: "
              "\"1\" }\n",
       "7:17", "engine credentials add acme --type clickup"},
      {"secret",
       "name: Hook\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: a, auth: hmac }\n",
       "4:11", "needs a credential of the type 'secret'"},
      {"expression",
       head + "  - id: b\n    type: set\n    with:\n      fields:\n        x: \"{{ $json. }}\"\n",
       "9:", ""},
      {"upstream",
       head + "  - id: b\n    type: set\n    with:\n      fields:\n        x: \"{{ "
              "$('nope').item.json.x }}\"\n",
       "9:", "nope"},
  };
}

}  // namespace

TEST_CASE("each fault is reported with its place and with what is meant") {
  const Place place;
  for (const Faulty& each : faulty_files()) {
    CAPTURE(each.name);
    const std::string file = place.file(std::string(each.name) + ".yaml", each.text);
    const Outcome check = place.engine({"validate", file});
    CHECK(check.code == 3);
    CHECK(check.out == "");
    CAPTURE(check.err);
    CHECK(contains(check.err, file + ":" + each.position));
    CHECK(contains(check.err, each.says));
    const Outcome run = place.engine({"run", file});
    // What only has to be set up is no fault of the file.
    CHECK(run.code == (contains(run.err, "There is no credential") ? 4 : 3));
    CHECK(contains(run.err, file + ":" + each.position));
  }
  CHECK(place.executions().size() == 0);
}

TEST_CASE("aliases that would fill the memory are refused") {
  const Place place;
  const Outcome check = place.engine({"validate", place.file("bomb.yaml", alias_bomb())});
  CHECK(check.code == 3);
  CHECK(contains(check.err, "bomb.yaml:"));
  CHECK(contains(check.err, "10000"));
}

TEST_CASE("all faults of a file are reported in one pass") {
  const Place place;
  const std::string file = place.file("many.yaml", workflow("Many", R"(  - id: b
    type: lmit
  - id: c
    type: limit
    with: { max: many }
  - id: d
    type: no_op
    ofter: a
)"));
  const Outcome check = place.engine({"validate", file});
  CHECK(check.code == 3);
  for (const char* at : {"many.yaml:6:", "many.yaml:9:", "many.yaml:12:"}) {
    CAPTURE(at);
    CHECK(contains(check.err, at));
  }
  CHECK(contains(check.err, "3 faults"));
}

TEST_CASE("faults are also given as JSON") {
  const Place place;
  const std::string good = place.file("good.yaml", workflow("Good", ""));
  const std::string bad =
      place.file("bad.yaml", workflow("Bad", "  - id: b\n    type: limit\n    with: { max: x }\n"));
  const Outcome check = place.engine({"validate", good, bad, "--format", "json"});
  CHECK(check.code == 3);
  const Value files = parse_json(check.out);
  REQUIRE(files.size() == 2);
  CHECK(files[std::size_t{0}]["file"].as_string() == "good.yaml");
  CHECK(files[std::size_t{0}]["valid"].as_bool());
  const Value faults = files[std::size_t{1}]["faults"];
  REQUIRE(faults.size() == 1);
  const Value fault = faults[std::size_t{0}];
  CHECK(fault["line"].as_integer() == 7);
  CHECK(fault["column"].as_integer() == 18);
  CHECK(fault["code"].as_string() == "bad_parameter");
}

TEST_CASE("files without faults are valid, and a missing file is a fault") {
  const Place place;
  const Outcome good = place.engine({"validate", place.file("good.yaml", workflow("Good", ""))});
  CHECK(good.code == 0);
  CHECK(good.out == "good.yaml: valid\n");
  const Outcome missing = place.engine({"validate", "missing.yaml"});
  CHECK(missing.code == 3);
  CHECK(contains(missing.err, "'missing.yaml' cannot be read"));
}

TEST_CASE("a misspelt input of a node that takes any is named") {
  const Place place;
  const Outcome check = place.engine({"validate", place.file("m.yaml", workflow("M", R"(  - id: both
    after: { left: start, rigth: start }
    type: merge
    with: { mode: position }
)"))});
  CHECK(check.code == 3);
  CHECK(contains(check.err,
                 "No node feeds the input 'right' of 'both'. Expected after: {left: …, "
                 "right: …}. Is 'rigth' meant to be 'right'?"));
}

TEST_CASE("a file that is no text does not control the terminal") {
  const Place place;
  const Outcome check =
      place.engine({"validate", place.file("b.yaml", "name: \x1b[2Jx\nnodes: []\n")});
  CHECK(check.code == 3);
  CHECK(contains(check.err, "control character"));
  CHECK(contains(check.err, "name: ?[2Jx"));
  CHECK_FALSE(contains(check.err, "\x1b"));
}

TEST_CASE("an empty file says what belongs into it") {
  const Place place;
  const Outcome check = place.engine({"validate", place.file("e.yaml", "")});
  CHECK(check.code == 3);
  CHECK(contains(check.err, "The file is empty. A workflow has a 'name' and a list of 'nodes'."));
}

TEST_CASE("a credential that is not there is named with the nearest one that is") {
  const Place place;
  REQUIRE(
      place.engine({"credentials", "add", "acme", "--type", "bearer", "--field", "token=-"}, "x\n")
          .code == 0);
  const std::string file = place.file("near.yaml", workflow("Near", R"(  - id: ask
    type: http_request
    credential: acne
    with: { url: "https://example.com" }
)"));
  const Outcome check = place.engine({"validate", file});
  CHECK(check.code == 3);
  CHECK(contains(check.err, "near.yaml:7:17"));
  CHECK(contains(check.err, "Did you mean 'acme'?"));
}

}  // namespace engine::e2e
