// "Not given", null, false, 0 and "" are five different things: every parameter of every operation
// that may have one of these values sends it.
#include <doctest/doctest.h>

#include <map>

#include "core/rest/compiler/yaml_source.h"
#include "core/rest/rest_node.h"
#include "core/value/json.h"
#include "core/value/path.h"
#include "tests/core/rest/fake_context.h"
#include "tests/nodes/clickup/operations.h"

using namespace engine;
using namespace engine::test;

namespace {

// What the example of an operation gives under `with`.
Value example_of(const Description& description) {
  Diagnostics diagnostics;
  const Located nodes =
      rest::read_yaml_text(description.examples.at(0), description.id, diagnostics);
  const Located* with = nodes.elements.at(0).find("with");
  return with == nullptr ? Value::object() : to_value(*with);
}

std::vector<Value> falsy_values(const rest::RestParameter& parameter) {
  const Parameter& described = parameter.parameter;
  const rest::Wire& wire = parameter.wire;
  std::vector<Value> values;
  if (described.nullable && wire.typed_by.empty()) values.emplace_back(nullptr);
  const bool plain = wire.conversion == rest::Conversion::none && wire.lookup.empty();
  const double least = described.min.value_or(0);
  switch (described.type) {
    case ParameterType::boolean: values.emplace_back(false); break;
    case ParameterType::integer:
    case ParameterType::number:
      if (least <= 0) values.emplace_back(0);
      break;
    case ParameterType::string:
      if (plain && least <= 0) values.emplace_back("");
      break;
    default: break;
  }
  return values;
}

// The value as it was sent; missing when it was not.
Value sent(const http::Request& request, const rest::Wire& wire) {
  if (wire.place == rest::Place::body) {
    const Value body = parse_json(body_text(request));
    return body.share(at_path(body, *parse_path(wire.name)));
  }
  const std::string key = http::encode_query({{wire.name, ""}});
  const std::size_t query = request.url.find('?');
  if (query == std::string::npos) return {};
  const std::size_t at = request.url.find(key, query);
  if (at == std::string::npos) return {};
  const std::string text = request.url.substr(at + key.size());
  return {text.substr(0, text.find('&'))};
}

}  // namespace

TEST_CASE("null, false, 0 and empty texts are sent wherever they may be given") {
  std::map<std::string, int> sent_of;
  for (const rest::Operation& operation : clickup_operations()) {
    const rest::RestNode node(operation);
    const Description description = rest::describe(operation);
    const Value with = example_of(description);
    for (const rest::RestParameter& parameter : operation.parameters) {
      const rest::Wire& wire = parameter.wire;
      const bool visible = wire.place == rest::Place::body || wire.place == rest::Place::query;
      if (!visible || wire.name == "." || wire.name == "*") continue;
      for (const Value& value : falsy_values(parameter)) {
        CAPTURE(operation.id);
        CAPTURE(parameter.parameter.name);
        CAPTURE(print_json(value));
        FakeContext context(description, with_path(with, {parameter.parameter.name}, value));
        context.service = [&](const http::Request& request) {
          context.requests.push_back(request);
          return answer(R"({"teams":[{"id":"9001","name":"Acme"}],"user":{"timezone":"UTC"}})");
        };
        try {
          test::run(node, context);
        } catch (const Error& error) {
          // One of several that exclude or need each other, or nothing was found.
          const bool rule = error.code() == "bad_parameter" && !operation.rules.empty();
          CHECK_MESSAGE((rule || error.code() == "not_found"), describe(error));
          if (rule) continue;
        }
        REQUIRE(!context.requests.empty());
        const Value found = sent(context.requests.back(), wire);
        const bool query = wire.place == rest::Place::query;
        const std::string text = value.null() ? "null" : to_text(value);
        CHECK(print_json(found) == print_json(query ? Value(text) : value));
        ++sent_of[value.null() ? "null" : std::string(to_string(value.kind()))];
      }
    }
  }
  CHECK(sent_of["null"] >= 30);
  CHECK(sent_of["boolean"] >= 60);
  CHECK(sent_of["integer"] >= 8);
  CHECK(sent_of["string"] >= 60);
}
