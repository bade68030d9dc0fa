// The package against the vendor's OpenAPI documents. They are not part of the repository: set
// CLICKUP_OPENAPI to the folder that holds clickup-openapi-v2.json and clickup-openapi-v3.json.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "core/rest/compiler/yaml_source.h"
#include "core/rest/path_template.h"
#include "core/rest/rest_node.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/nodes/clickup/api_shape.h"
#include "tests/nodes/clickup/operations.h"

using namespace engine;
using namespace engine::test;

namespace {

struct ApiCall {
  std::string method;
  std::string path;  // "/v2/…" or "/v3/…"
  Shape shape;
};

std::map<std::string, ApiCall> read_document(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE_MESSAGE(stream.good(), file);
  const Value document = parse_json(
      std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}, file);
  std::map<std::string, ApiCall> calls;
  for (const auto& [path, item] : document["paths"].view().members()) {
    for (const auto& [method, call] : item.members()) {
      if (!call["operationId"].is_string()) continue;
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      std::string below(path);
      if (below.rfind("/api/", 0) == 0) below.erase(0, 4);
      calls[std::string(call["operationId"].as_string())] = {upper, below,
                                                             shape_of(document, item, call)};
    }
  }
  return calls;
}

// What differs on purpose; every entry must be needed.
class Differences {
 public:
  Differences() {
    Diagnostics diagnostics;
    const auto file =
        rest::read_yaml_file(ENGINE_SOURCE_DIR "/tests/nodes/clickup/contract/differences.yaml",
                             "differences.yaml", diagnostics);
    REQUIRE(diagnostics.empty());
    for (const Located& entry : file.content.elements) {
      const Value value = to_value(entry);
      REQUIRE_MESSAGE(value["reason"].is_string(), print_json(value));
      const std::string of = to_text(value["operation"]) + to_text(value["api"]);
      for (const View what : value["differs"].view().elements()) {
        unused_.insert(of + " " + std::string(what.as_string()));
      }
    }
    all_ = unused_;
  }

  bool expects(const std::string& of, const std::string& what) {
    unused_.erase(of + " " + what);
    return all_.count(of + " " + what) != 0;
  }
  const Names& unused() const { return unused_; }

 private:
  Names all_;
  Names unused_;
};

std::vector<std::string> segments(const std::string& path) {
  std::vector<std::string> result;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    result.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return result;
}

bool can_be(const rest::Operation& operation, const std::string& name, const std::string& literal) {
  for (const rest::RestParameter& parameter : operation.parameters) {
    if (parameter.parameter.name != name) continue;
    for (const Choice& choice : parameter.parameter.choices) {
      std::string sent = choice.value;
      for (const auto& [from, to] : parameter.wire.map) {
        if (from == choice.value) sent = to_text(to);
      }
      if (sent == literal) return true;
    }
  }
  return false;
}

bool same_path(const rest::Operation& operation, const std::string& api_path) {
  const auto ours = segments(operation.path);
  const auto theirs = segments(api_path);
  if (ours.size() != theirs.size()) return false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const bool named = ours[i].front() == '{';
    const bool wanted = theirs[i].front() == '{';
    if (named && !wanted && !can_be(operation, rest::template_names(ours[i])[0], theirs[i])) {
      return false;
    }
    if (!named && ours[i] != theirs[i]) return false;
  }
  return true;
}

std::map<std::string, ApiCall> documents() {
  const char* folder = std::getenv("CLICKUP_OPENAPI");
  if (folder == nullptr) return {};
  auto calls = read_document(std::string(folder) + "/clickup-openapi-v2.json");
  calls.merge(read_document(std::string(folder) + "/clickup-openapi-v3.json"));
  return calls;
}

// Names that only one side has, in both directions.
void compare(const rest::Operation& operation, const Shape& api, Differences& differences) {
  const Shape ours = shape_of(operation);
  const auto differs = [&](const std::string& what) {
    CHECK_MESSAGE(differences.expects(operation.id, what), operation.id, ": ", what);
  };
  for (const std::string& name : ours.query) {
    if (api.query.count(name) == 0) differs("more query " + name);
  }
  for (const std::string& name : api.query) {
    if (ours.query.count(name) == 0) differs("less query " + name);
  }
  for (const std::string& name : ours.body) {
    if (api.body.count(name) == 0) differs("more body " + name);
  }
  for (const std::string& name : api.body) {
    if (!covered(ours, name)) differs("less body " + name);
  }
}

}  // namespace

TEST_CASE("every call of the API has an operation, and every operation fits its calls") {
  auto calls = documents();
  if (calls.empty()) {
    MESSAGE("not compared: CLICKUP_OPENAPI does not name the folder of the documents");
    return;
  }
  CHECK(calls.size() == 172);
  Differences differences;
  Names seen;
  for (const rest::Operation& operation : clickup_operations()) {
    Shape api;
    for (const std::string& id : operation.api) {
      CHECK_MESSAGE(seen.insert(id).second, id, " is there twice");
      REQUIRE_MESSAGE(calls.count(id) == 1, operation.id, " names the unknown call ", id);
      const ApiCall& call = calls[id];
      CHECK_MESSAGE(operation.method == call.method, operation.id);
      CHECK_MESSAGE(same_path(operation, call.path), operation.id, " is not ", call.path);
      api.query.insert(call.shape.query.begin(), call.shape.query.end());
      api.body.insert(call.shape.body.begin(), call.shape.body.end());
    }
    if (!operation.api.empty()) compare(operation, api, differences);
  }
  for (const auto& each : calls) {
    const std::string& id = each.first;
    const ApiCall& call = each.second;
    if (seen.count(id) != 0 || differences.expects(id, "no node")) continue;
    CHECK_MESSAGE(false, id, " (", call.method, " ", call.path, ") has no node");
  }
  for (const std::string& entry : differences.unused()) {
    CHECK_MESSAGE(false, "not needed in differences.yaml: ", entry);
  }
}

TEST_CASE("every operation is described for people") {
  for (const rest::Operation& operation : clickup_operations()) {
    CHECK_MESSAGE(!operation.text.empty(), operation.id);
    CHECK_MESSAGE(operation.text.back() == '.', operation.id);
    for (const rest::RestParameter& parameter : operation.parameters) {
      CHECK_MESSAGE(!parameter.parameter.title.empty(), operation.id, " ",
                    parameter.parameter.name);
      CHECK_MESSAGE(!parameter.parameter.text.empty(), operation.id, " ", parameter.parameter.name);
    }
  }
}

TEST_CASE("the example of every operation would pass the checks of a workflow") {
  for (const rest::Operation& operation : clickup_operations()) {
    const NodeType type = rest::node_type(operation);
    for (const std::string& example : type.description.examples) {
      Diagnostics diagnostics;
      const Located nodes = rest::read_yaml_text(example, operation.id, diagnostics);
      REQUIRE_MESSAGE(nodes.elements.size() == 1, example);
      const Located& node = nodes.elements.front();
      Located none;
      none.kind = Kind::object;
      const Located* with = node.find("with") == nullptr ? &none : node.find("with");
      CHECK(node.find("type")->scalar.as_string() == operation.id);
      check_parameters(type.description.parameters, with, node.position(operation.id), operation.id,
                       "node", diagnostics);
      type.check(*with, operation.id, diagnostics);
      for (const Diagnostic& fault : diagnostics.sorted()) {
        CHECK_MESSAGE(false, to_string(fault), "\n", example);
      }
    }
  }
}
