// Workflows that call workflows: their inputs, their faults, and the workflow for errors.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

constexpr const char* kGreet = R"(name: Greet
inputs:
  customer: { type: string, required: true }
  times: { type: integer, default: 2, min: 1 }
nodes:
  - id: greet
    type: set
    with: { keep: none, fields: { text: "{{ $json.customer }} x {{ $json.times }}", times: "{{ $json.times }}" } }
)";

std::string caller(const std::string& with) {
  return workflow("Caller", "  - id: call\n    type: execute_workflow\n    with: " + with + "\n");
}

}  // namespace

TEST_CASE("a called workflow gets its inputs with defaults, in their types") {
  const Place place;
  place.file("greet.yaml", kGreet);
  const std::string flow =
      place.file("caller.yaml", caller("{ workflow: greet.yaml, inputs: { customer: Ann } }"));
  const Outcome run = place.engine({"run", flow, "-q"});
  CAPTURE(run.err);
  CHECK(parse_json(run.out) == parse_json(R"([{"text": "Ann x 2", "times": 2}])"));
  place.file("caller.yaml",
             caller("{ workflow: greet.yaml, inputs: { customer: 5, times: \"3\" } }"));
  CHECK(parse_json(place.engine({"run", flow, "-q"}).out) ==
        parse_json(R"([{"text": "5 x 3", "times": 3}])"));
}

TEST_CASE("inputs that do not fit fail the node that calls, and say what was expected") {
  const Place place;
  place.file("greet.yaml", kGreet);
  const auto error = [&](const std::string& inputs) {
    const Outcome run = place.engine(
        {"run",
         place.file("caller.yaml", caller("{ workflow: greet.yaml, inputs: " + inputs + " }")),
         "-q"});
    CHECK(run.code == 1);
    CHECK(contains(run.err, "node 'call'"));
    return run.err;
  };
  const std::string misspelt = error("{ custmer: Ann }");
  CHECK(contains(misspelt, "The input 'customer' of the workflow 'Greet' does not fit (item 1)"));
  CHECK(contains(misspelt, "What was given has 'custmer'."));
  CHECK(contains(error("{ customer: Ann, times: 0 }"), "a whole number of at least 1"));
}

TEST_CASE("a run by hand has the same inputs") {
  const Place place;
  const std::string flow = place.file("greet.yaml", kGreet);
  const Outcome none = place.engine({"run", flow});
  CHECK(none.code == 2);
  CHECK(contains(none.err, "its value is missing"));
  CHECK(contains(none.err, "Give it with --input."));
  const Outcome run = place.engine({"run", flow, "--input", "-", "-q"}, R"({"customer": "Bo"})");
  CHECK(parse_json(run.out) == parse_json(R"([{"text": "Bo x 2", "times": 2}])"));
}

TEST_CASE("a called workflow with faults fails the node that calls") {
  const Place place;
  place.file("broken.yaml", "name: Broken\nnodes:\n  - id: a\n    type: sett\n    wiht: {}\n");
  const std::string flow = place.file("caller.yaml", caller("{ workflow: broken.yaml }"));
  const Outcome run = place.engine({"run", flow, "-q"});
  CHECK(run.code == 1);
  CHECK(run.signal == 0);
  CHECK(contains(run.err,
                 "node 'call': The workflow is invalid: broken.yaml:4:11: There is no "
                 "node type 'sett'. Did you mean 'set'?"));
  CHECK(contains(run.err, "2 faults in all; see engine validate broken.yaml"));
  CHECK(contains(
      place.engine({"run", place.file("caller.yaml", caller("{ workflow: brokn }")), "-q"}).err,
      "Did you mean 'broken'?"));
}

TEST_CASE("a workflow that calls itself is told once what is wrong") {
  const Place place;
  const std::string flow = place.file("self.yaml", caller("{ workflow: self.yaml }"));
  const Outcome run = place.engine({"run", flow, "-q"});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "more than 16 levels deep; does 'self.yaml' call itself?"));
  CHECK(count_of(run.err, "execution") == 0);
  CHECK(count_of(run.err, "\n") == 1);
}

TEST_CASE("a workflow that is only started goes on by itself, and is waited for") {
  const Place place;
  place.file("later.yaml", workflow("Later", R"(  - id: save
    type: write_file
    with: { path: later.json }
)"));
  const std::string flow =
      place.file("caller.yaml", caller("{ workflow: later.yaml, wait: false }"));
  const Outcome run = place.engine({"run", flow, "--input", "-", "-q"}, R"([{"a": 1}, {"a": 2}])");
  CHECK(parse_json(run.out) == parse_json(R"([{"a": 1}, {"a": 2}])"));
  CHECK(parse_json(read_all(place.folder() / "later.json")) ==
        parse_json(R"([{"a": 1}, {"a": 2}])"));
}

TEST_CASE("the error workflow is run with what happened") {
  const Place place;
  place.file("trouble.yaml", R"(name: Trouble
nodes:
  - id: failed
    type: error_trigger
  - id: save
    type: write_file
    with: { path: trouble.json }
)");
  const std::string flow = place.file(
      "main.yaml", "settings: { error_workflow: trouble.yaml }\n" + workflow("Main", R"(  - id: stop
    type: stop_error
    with: { message: no more, code: no_more }
)"));
  CHECK(place.engine({"run", flow, "-q"}).code == 1);
  const Value told = parse_json(read_all(place.folder() / "trouble.json"))[std::size_t{0}];
  CHECK(told["workflow"]["name"].as_string() == "Main");
  CHECK(told["execution"]["error"]["message"].as_string() == "no more");
  CHECK(told["execution"]["error"]["code"].as_string() == "no_more");
  CHECK(told["execution"]["lastNodeExecuted"].as_string() == "stop");
}

TEST_CASE("an error workflow that is not there is a fault of the file") {
  const Place place;
  place.file("trouble.yaml", workflow("Trouble", ""));
  const std::string flow = place.file(
      "main.yaml", "settings: { error_workflow: truoble.yaml }\n" + workflow("Main", ""));
  for (const char* command : {"validate", "run"}) {
    CAPTURE(command);
    const Outcome checked = place.engine({command, flow});
    CHECK(checked.code == 3);
    CHECK(contains(checked.err, "main.yaml:1:29: There is no workflow file 'truoble.yaml'"));
    CHECK(contains(checked.err, "Did you mean 'trouble'?"));
  }
}

}  // namespace engine::e2e
