#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "core/value/json.h"
#include "core/value/path.h"
#include "nodes/register_nodes.h"
#include "places.h"
#include "tests/nodes/data_cases.h"
#include "tests/support/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(ENGINE_SOURCE_DIR) / "tests" / "nodes";

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

http::Response answer_of(View answer) {
  http::Response response;
  response.status = static_cast<int>(answer["status"].as_integer().value_or(200));
  for (const auto& [name, value] : answer["headers"].members())
    response.headers.add(std::string(name), to_text(value));
  if (const View json = answer["json"]; !json.missing()) {
    response.body = print_json(json);
    response.headers.add("Content-Type", "application/json");
  } else {
    response.body = answer["text"].as_string();
  }
  return response;
}

void prepare(FakeContext& context, const Value& test) {
  context.inputs = {items_of(test["input"])};
  if (!test["left"].missing()) context.inputs = {items_of(test["left"]), items_of(test["right"])};
  if (const View binary = test.view()["binary"]; binary.is_object()) {
    ValueBuilder builder;
    builder.begin_object();
    for (const auto& [name, text] : binary.members()) {
      builder.key(name);
      builder.value(
          context.binaries().put(text.as_string(), "text/plain", std::string(name) + ".txt"));
    }
    builder.end_object();
    context.inputs[0].at(0).binary = builder.finish();
  }
  for (const View answer : test.view()["answers"].elements())
    context.responses.push_back(answer_of(answer));
  for (const auto& [name, text] : test.view()["files"].members())
    std::ofstream(context.folder() / std::string(name), std::ios::binary) << text.as_string();
  for (const auto& [name, value] : test.view()["memory"].members())
    context.memory.emplace(std::string(name), test.share(value));
  if (const auto now = parse_time(test.view()["now"].as_string())) context.fake_clock.time = *now;
  context.zone = test.view()["timezone"].as_string("UTC");
  context.keeps = test.view()["keeps_going"].as_bool();
  context.dry = test.view()["dry_run"].as_bool();
  context.credential = test.view()["credential"].as_bool();
}

void check_origins(const Items& items, View origins) {
  REQUIRE(items.size() == origins.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const View wanted = origins[i];
    REQUIRE(items[i].origin.size() == wanted.size());
    for (std::size_t j = 0; j < wanted.size(); ++j)
      CHECK(static_cast<std::int64_t>(items[i].origin[j].item) == wanted[j].as_integer());
  }
}

void check_outputs(const NodeType& type, const Value& test, const NodeResult& result) {
  const auto outputs =
      type.outputs_of ? type.outputs_of(to_located(test["with"])) : type.description.outputs;
  const Value expect = test["expect"];
  if (expect.missing()) return;
  for (const auto& member : expect.members()) {
    const std::string name(member.first);
    const bool known = std::any_of(outputs.begin(), outputs.end(),
                                   [&](const auto& output) { return output.name == name; });
    CHECK_MESSAGE(known, "no output ", name);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Items none;
    const Value got = json_of(i < result.outputs.size() ? result.outputs[i] : none);
    const Value wanted = expect[std::string_view(outputs[i].name)];
    CHECK_MESSAGE(got.equals(wanted.missing() ? Value::array() : wanted), "output ",
                  outputs[i].name, " gave ", print_json(got), " instead of ", print_json(wanted));
  }
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void check_requests(const FakeContext& context, View wanted) {
  REQUIRE(context.requests.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const http::Request& request = context.requests[i];
    CHECK(request.method == wanted[i]["method"].as_string("GET"));
    CHECK(request.url == wanted[i]["url"].as_string());
    std::string body;
    for (const http::BodyPart& part : request.body.parts) {
      const auto* text = std::get_if<std::string>(&part);
      body += text != nullptr ? *text : file_text(std::get<std::filesystem::path>(part));
    }
    if (const View text = wanted[i]["body"]; !text.missing()) CHECK(body == text.as_string());
    if (const View type = wanted[i]["content_type"]; !type.missing())
      CHECK(request.body.content_type == type.as_string());
    for (const auto& [name, value] : wanted[i]["headers"].members())
      CHECK(request.headers.find(name).value_or("-") == value.as_string());
  }
}

void check_failed(const NodeResult& result, View failed) {
  REQUIRE(result.failed.size() == failed.size());
  for (const ItemFailure& failure : result.failed) {
    const std::string place = std::to_string(failure.item);
    const std::string_view part = failed[std::string_view(place)].as_string("(not expected)");
    CHECK_MESSAGE(contains(failure.error.message(), part), "item ", place, ": ",
                  failure.error.message());
  }
}

void check_world(const FakeContext& context, const Value& test) {
  for (const auto& [name, text] : test.view()["files_after"].members())
    CHECK(file_text(context.folder() / std::string(name)) == text.as_string());
  if (const View requests = test.view()["requests"]; !requests.missing())
    check_requests(context, requests);
  for (const auto& [name, size] : test.view()["memory_size"].members()) {
    const auto found = context.memory.find(name);
    REQUIRE(found != context.memory.end());
    CHECK(static_cast<std::int64_t>(found->second.size()) == size.as_integer());
  }
  if (const View would = test.view()["would"]; !would.missing()) {
    REQUIRE(context.would_do.size() == 1);
    CHECK(context.would_do[0].first == would.as_string());
  }
}

void run_case(const NodeType& type, const Value& test) {
  if (const View invalid = test.view()["invalid"]; !invalid.missing()) {
    REQUIRE(type.check);
    Diagnostics diagnostics;
    type.check(to_located(test["with"]), "flow.yaml", diagnostics);
    REQUIRE_FALSE(diagnostics.empty());
    CHECK_MESSAGE(contains(diagnostics.sorted()[0].message, invalid.as_string()),
                  diagnostics.sorted()[0].message);
    return;
  }
  const View error = test.view()["error"];
  try {
    FakeContext context(type, test["with"]);
    prepare(context, test);
    NodeResult result = type.node->run(context);
    // Nodes that work item by item report the first failure instead of throwing it.
    if (!context.keeps && !result.failed.empty()) throw Error(result.failed[0].error);
    CHECK_MESSAGE(error.missing(), "it did not fail");
    check_failed(result, test.view()["failed"]);
    check_outputs(type, test, result);
    if (const View origins = test.view()["origin"]; !origins.missing())
      check_origins(result.outputs.at(0), origins);
    check_world(context, test);
  } catch (const Error& failure) {
    CHECK_MESSAGE((!error.missing() && contains(failure.message(), error.as_string())),
                  describe(failure));
  }
}

}  // namespace

TEST_CASE("nodes do what their data cases say") {
  Registry registry;
  register_core_nodes(registry);
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string id = entry.path().stem().string();
    const NodeType* type = registry.find(id);
    REQUIRE_MESSAGE(type != nullptr, "no node type ", id);
    for (const Value& test : read_cases(entry.path())) {
      const std::string name = id + ": " + std::string(test.view()["name"].as_string());
      INFO(name);
      run_case(*type, test);
      ++cases;
    }
  }
  CHECK(cases > 150);
}
