#include <doctest/doctest.h>

#include <chrono>

#include "core/value/json.h"
#include "core/workflow/workflow.h"
#include "tests/core/workflow/fake_types.h"

using namespace engine;
using namespace engine::workflow;

namespace {

const Registry& fake_types() {
  static const Registry* const registry = [] {
    auto* filled = new Registry;
    test::add_fake_types(*filled);
    return filled;
  }();
  return *registry;
}

std::shared_ptr<const Workflow> compile(const std::string& text) {
  CheckContext context;
  context.registry = &fake_types();
  Diagnostics diagnostics;
  auto workflow = compile_workflow(text, "f.yaml", context, diagnostics);
  for (const Diagnostic& fault : diagnostics.sorted()) FAIL_CHECK(to_string(fault));
  REQUIRE(workflow);
  return workflow;
}

std::string edges(const WorkflowNode& node) {
  std::string text;
  for (const Edge& edge : node.edges) {
    text += std::to_string(edge.node) + "." + std::to_string(edge.output) + ">" +
            std::to_string(edge.input) + " ";
  }
  return text;
}

// A chain of nodes; each reads from the first, the one above, and one in the middle.
std::string chain(int count) {
  std::string text = "name: x\nnodes:\n  - { id: n0, type: manual }\n";
  for (int i = 1; i < count; ++i) {
    const std::string id = std::to_string(i);
    text += "  - id: n" + id +
            "\n    type: http\n    with:\n      url: \"https://example.com/{{ $('n" +
            std::to_string(i / 2) +
            "').item.json.a }}\"\n      method: POST\n      headers: { A: " + "\"{{ $('n" +
            std::to_string(i - 1) + "').item.json.b }}\", B: \"{{ $('n0').item.json.c }}\" }\n" +
            "    retry: { attempts: 3, delay: 1s }\n";
  }
  return text;
}

std::chrono::milliseconds time_to_compile(const std::string& text) {
  const auto begin = std::chrono::steady_clock::now();
  compile(text);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin);
}

}  // namespace

TEST_CASE("a node follows the one above, or what it names") {
  const auto flow = compile(
      "name: x\nnodes:\n"
      "  - { id: t, type: manual }\n"
      "  - { id: c, type: if, with: { condition: 1 }, on_error: output }\n"
      "  - { id: yes, type: set, after: c.true }\n"
      "  - { id: no, type: set, after: c.false }\n"
      "  - { id: oops, type: set, after: c.error }\n"
      "  - { id: j, type: join, after: { right: [no, yes], left: oops } }\n"
      "  - { id: m, type: merge, after: { extra: j, main: yes } }\n"
      "  - { id: k, type: merge, after: [j, m, oops] }\n");
  const auto& nodes = flow->graph.nodes;
  CHECK(edges(nodes[0]) == "");
  CHECK(edges(nodes[1]) == "0.0>0 ");
  CHECK(edges(nodes[2]) == "1.0>0 ");
  CHECK(edges(nodes[3]) == "1.1>0 ");
  CHECK(edges(nodes[4]) == "1.2>0 ");
  CHECK(edges(nodes[5]) == "3.0>1 2.0>1 4.0>0 ");
  CHECK(edges(nodes[6]) == "5.0>1 2.0>0 ");
  CHECK(edges(nodes[7]) == "5.0>0 6.0>1 4.0>2 ");
  CHECK(nodes[1].error_output() == 2);
  CHECK(nodes[2].error_output() == std::string::npos);
  CHECK(nodes[6].inputs == std::vector<std::string>{"main", "extra"});
  CHECK(nodes[7].inputs == std::vector<std::string>{"main", "2", "3"});
  CHECK(flow->graph.after[1] == std::vector<std::size_t>{2, 3, 4});
  CHECK(flow->graph.after[4] == std::vector<std::size_t>{5, 7});
  CHECK(flow->graph.last == std::vector<std::size_t>{7});
  CHECK(flow->graph.first.empty());
}

TEST_CASE("loops carry their body, and ordinals run through the file") {
  const auto flow = compile(
      "name: x\nnodes:\n"
      "  - { id: a, type: set }\n"
      "  - id: l\n    type: loop\n    with: { batch_size: \"{{ $json.n }}\" }\n    do:\n"
      "      - { id: b, type: set }\n"
      "      - { id: c, type: set }\n"
      "      - { id: d, type: set, after: b }\n"
      "  - { id: e, type: set }\n");
  const WorkflowNode* loop = flow->find("l");
  REQUIRE(loop != nullptr);
  REQUIRE(loop->body);
  CHECK(loop->body->first == std::vector<std::size_t>{0});
  CHECK(loop->body->last == std::vector<std::size_t>{1, 2});
  CHECK(flow->graph.first == std::vector<std::size_t>{0});
  REQUIRE(flow->by_ordinal.size() == 6);
  CHECK(flow->by_ordinal[2]->id == "b");
  CHECK(flow->by_ordinal[5]->id == "e");
  CHECK(flow->find("d")->ordinal == 4);
  CHECK(flow->find("nobody") == nullptr);
  CHECK_FALSE(flow->find("a")->body);
}

TEST_CASE("a node keeps everything that the file says of it") {
  const auto flow = compile(
      "name: x\nnodes:\n"
      "  - id: a\n    type: http\n    version: 1\n    with: { url: \"{{ $json.u }}\", limit: 7 }\n"
      "    retry: { attempts: 5, delay: 250ms, backoff: fixed, max_delay: 2m, on: \"{{ "
      "$error.code === 'x' }}\" }\n"
      "    timeout: 1m30s\n    on_error: continue\n    always_output: true\n    once: true\n"
      "    disabled: true\n    concurrency: 8\n"
      "    pin: [{ n: 1 }, { json: { n: 2 } }, { json: { n: 3 }, other: 1 }]\n"
      "  - { id: b, type: set, retry: {} }\n");
  const WorkflowNode& a = flow->graph.nodes[0];
  CHECK(a.retry.attempts == 5);
  CHECK(a.retry.delay == Milliseconds(250));
  CHECK(a.retry.max_delay == Milliseconds(120'000));
  CHECK(a.retry.backoff == Backoff::fixed);
  CHECK(a.retry.on.given());
  CHECK(a.timeout == Milliseconds(90'000));
  CHECK(a.on_error == OnError::continue_);
  CHECK(a.always_output);
  CHECK(a.once);
  CHECK(a.disabled);
  CHECK(a.concurrency == 8);
  REQUIRE(a.pin);
  REQUIRE(a.pin->size() == 3);
  CHECK(print_json((*a.pin)[0].json) == R"({"n":1})");
  CHECK(print_json((*a.pin)[1].json) == R"({"n":2})");
  CHECK(print_json((*a.pin)[2].json) == R"({"json":{"n":3},"other":1})");
  CHECK(a.position == Position{"f.yaml", 3, 5});
  REQUIRE(a.parameters.size() == a.type->description.parameters.size());
  CHECK(a.parameters[0].description->name == "url");
  CHECK_FALSE(a.parameters[0].value.is_constant());
  CHECK_FALSE(a.parameters[1].value.given());
  CHECK(a.parameters[2].value.value() == Value(7));
  const WorkflowNode& b = flow->graph.nodes[1];
  CHECK(b.retry.attempts == 3);
  CHECK_FALSE(b.retry.on.given());
  CHECK_FALSE(b.timeout);
}

TEST_CASE("settings and inputs") {
  const auto flow = compile(
      "name: Tidy up\ndescription: d\n"
      "inputs: { list: string, n: { type: integer, default: 5, min: 1 } }\n"
      "settings:\n  timezone: Europe/Berlin\n  timeout: 5m\n  order: sequential\n"
      "  durability: execution\n  on_crash: fail\n  error_workflow: e.yaml\n  env: [HOME]\n"
      "  concurrency: { limit: 2, key: \"{{ $json.k }}\", when_full: skip }\n"
      "  keep: { success: 14d, max: 10 }\n"
      "nodes:\n  - { id: a, type: set }\n");
  CHECK(flow->name == "Tidy up");
  CHECK(flow->inputs.size() == 2);
  CHECK(flow->inputs[0].type == ParameterType::string);
  CHECK(flow->inputs[1].default_value == Value(5));
  const Settings& settings = flow->settings;
  CHECK(settings.timezone == "Europe/Berlin");
  CHECK(settings.timeout == Milliseconds(300'000));
  CHECK(settings.sequential);
  CHECK(settings.durability == Durability::execution);
  CHECK(settings.on_crash == OnCrash::fail);
  CHECK(settings.error_workflow == "e.yaml");
  CHECK(settings.env == std::vector<std::string>{"HOME"});
  CHECK(settings.concurrency_limit == 2);
  CHECK(settings.concurrency_key.given());
  CHECK(settings.when_full == WhenFull::skip);
  CHECK(settings.keep_success == Milliseconds(14LL * 86'400'000));
  CHECK_FALSE(settings.keep_error);
  CHECK(settings.keep_max == 10);
}

TEST_CASE("the hash is the SHA-256 of the text") {
  const std::string text = "name: x\nnodes:\n  - { id: a, type: set }\n";
  CHECK(compile(text)->hash == "c9bb1759e76f766c18616845b206f52c04fe92bcfb3ad9204c643c2355a75a78");
  CHECK(compile(text)->text == text);
}

TEST_CASE("without a registry only the structure is checked") {
  Diagnostics none;
  CHECK(compile_workflow("name: x\nnodes:\n  - { id: a, type: whatever }\n", "f", {}, none) ==
        nullptr);
  CHECK(none.empty());
  Diagnostics some;
  CHECK(compile_workflow("name: x\nnodes:\n  - { id: a, typ: whatever }\n", "f", {}, some) ==
        nullptr);
  CHECK(some.size() == 2);
}

TEST_CASE("without a vault credentials are not checked") {
  const auto flow = compile("name: x\nnodes:\n  - { id: a, type: task, credential: unheard_of }\n");
  REQUIRE(flow->graph.nodes[0].credentials.size() == 1);
  CHECK(flow->graph.nodes[0].credentials[0].first.empty());
  CHECK(flow->graph.nodes[0].credentials[0].second == "unheard_of");
}

TEST_CASE("large workflows compile in time that grows with their size") {
  compile(chain(50));
  const auto small = time_to_compile(chain(500));
  const auto large = time_to_compile(chain(5000));
  MESSAGE("500 nodes: " << small.count() << " ms, 5000 nodes: " << large.count() << " ms");
  CHECK(large < 40 * small + std::chrono::milliseconds(100));
}

TEST_CASE("a large workflow that is wrong everywhere is refused in time") {
  std::string text = "name: x\nnodes:\n";
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = std::to_string(i);
    text += "  - { id: node_" + id + ", type: sett, after: nod_" + id + ", wiht: {} }\n";
  }
  CheckContext context;
  context.registry = &fake_types();
  Diagnostics diagnostics;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(compile_workflow(text, "f", context, diagnostics) == nullptr);
  CHECK(diagnostics.full());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("the JSON Schema describes the file and every node type") {
  const Value schema = workflow_schema(fake_types());
  CHECK(schema["$schema"].as_string() == "https://json-schema.org/draft/2020-12/schema");
  CHECK(print_json(schema["required"]) == R"(["name","nodes"])");
  const Value node = schema["$defs"]["node"];
  CHECK(print_json(node["required"]) == R"(["id","type"])");
  CHECK(node["allOf"].size() == fake_types().ids().size());
  bool found = false;
  for (const View rule : node["allOf"].elements()) {
    if (rule["if"]["properties"]["type"]["const"].as_string() != "http") continue;
    found = true;
    const View with = rule["then"]["properties"]["with"];
    CHECK(print_json(with["required"]) == R"(["url"])");
    CHECK(print_json(with["properties"]["method"]["anyOf"][std::size_t{0}]["enum"]) ==
          R"(["GET","POST","DELETE"])");
    CHECK(print_json(rule["then"]["required"]) == R"(["with"])");
  }
  CHECK(found);
  CHECK(schema["properties"]["nodes"]["items"]["$ref"].as_string() == "#/$defs/node");
  CHECK(parse_json(print_json(schema)) == schema);
}
