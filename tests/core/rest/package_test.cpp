#include <chrono>

#include "core/rest/register_packages.h"
#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

TEST_CASE("faults of a package are all told with their places and near names") {
  const std::string text = faults(R"(
    reqest: GET /x
    request: FETCH x
    parameters:
      a: { type: strin, send: quary, requird: true }
      b: { type: string }
    rules: [{ exactly_one: [a, c] }]
    paging: { kind: page }
    include: [costom]
)");
  CHECK(text.find("x.yaml:6:5: An operation has no key 'reqest'. Did you mean 'request'?") !=
        std::string::npos);
  CHECK(text.find("x.yaml:7:14: The method 'FETCH' is unknown") != std::string::npos);
  CHECK(text.find("Parameter 'a' has the unknown type 'strin'") != std::string::npos);
  CHECK(text.find("'requird'. Did you mean 'required'?") != std::string::npos);
  CHECK(text.find("The place 'quary' is unknown") != std::string::npos);
  CHECK(text.find("Parameter 'b' is not in the path and needs 'send'") != std::string::npos);
  CHECK(text.find("A rule names 'c'") != std::string::npos);
  CHECK(text.find("This paging needs 'parameter'") != std::string::npos);
  CHECK(text.find("no 'costom' among the shared groups. Did you mean 'custom'?") !=
        std::string::npos);
}

TEST_CASE("paths and ids must name what there is") {
  CHECK(faults("    request: GET /x/{y}\n").find("names 'y', which is no parameter") !=
        std::string::npos);
  CHECK(faults("    request: GET /{y}\n    parameters: { y: { type: string, id: tusk } }\n")
            .find("knows no id 'tusk'") != std::string::npos);
  CHECK(faults("    request: GET /x\n", "name: p\nbase_ur: x\n").find("package.yaml:2:1") !=
        std::string::npos);
  CHECK(faults("    request: GET /x\n    request: GET /y\n").find("given twice") !=
        std::string::npos);
}

TEST_CASE("rules are checked when a workflow is loaded") {
  const NodeType type = rest::node_type(operation(R"(
    request: GET /x
    parameters: { a: { type: string, send: query }, b: { type: string, send: query } }
    rules: [{ exactly_one: [a, b] }, { requires: [a, b] }, { together: [a, b] }, { at_most_one: [a, b] }]
)"));
  const auto faults_of = [&](const std::string& yaml) {
    Diagnostics diagnostics;
    const Located with = rest::read_yaml_text(yaml, "flow.yaml", diagnostics);
    type.check(with, "flow.yaml", diagnostics);
    return diagnostics.size();
  };
  CHECK(faults_of("b: 1") == 1);          // together
  CHECK(faults_of("a: 1") == 2);          // requires, together
  CHECK(faults_of("{a: 1, b: 2}") == 2);  // exactly_one, at_most_one
}

TEST_CASE("methods tell what a node does unless the file says otherwise") {
  CHECK_FALSE(operation("    request: GET /x\n").traits.writes);
  CHECK(operation("    request: GET /x\n").traits.idempotent);
  CHECK(operation("    request: PUT /x\n").traits.idempotent);
  CHECK(operation("    request: POST /x\n").traits.writes);
  CHECK_FALSE(operation("    request: POST /x\n").traits.idempotent);
  CHECK_FALSE(operation("    request: POST /x\n    traits: { writes: false }\n").traits.writes);
}

TEST_CASE("registering all packages parses nothing and takes next to no time") {
  const auto start = std::chrono::steady_clock::now();
  Registry registry;
  rest::register_packages(registry);
  const auto took = std::chrono::steady_clock::now() - start;
  MESSAGE("registered ", registry.ids().size(), " types in ",
          std::chrono::duration_cast<std::chrono::microseconds>(took).count(), " us");
  CHECK(took < std::chrono::milliseconds(50));  // measured well under 1 ms; sanitizers are slow
  const NodeType* type = registry.find("clickup.task.create");
  REQUIRE(type != nullptr);
  CHECK(type->description.title == "Create a task");
  CHECK(type->description.credentials.at(0).types.at(0) == "clickup");
}

TEST_CASE("an operation without an example gets one with what it requires") {
  const Description description = rest::describe(operation(R"(
    request: POST /t/{id}
    parameters:
      id: { use: task, examples: [86abc] }
      rows: { type: list, required: true, send: body, of: { type: object, children: { n: { type: integer, required: true }, m: { type: string } } } }
      name: { type: string, title: Name, required: true, send: body }
      note: { type: string, send: body }
)"));
  CHECK(description.examples ==
        std::vector<std::string>{"- id: x_run\n  type: demo.x.run\n  credential: acme\n  with:\n"
                                 "    id: \"86abc\"\n    rows: [{\"n\":1}]\n    name: \"Name\"\n"});
}
