#include <algorithm>

#include "core/rest/operation.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

Value sample(const Parameter& parameter);

Value sample_object(const Parameter& parameter) {
  ValueBuilder builder;
  builder.begin_object();
  for (const Parameter& child : parameter.children) {
    if (!child.required) continue;
    builder.key(child.name);
    builder.value(sample(child));
  }
  builder.end_object();
  return builder.finish();
}

// A value that fits; the title stands for a text that nothing better is known for.
Value sample(const Parameter& parameter) {
  if (!parameter.examples.empty()) return parameter.examples.front();
  if (!parameter.choices.empty()) return {parameter.choices.front().value};
  switch (parameter.type) {
    case ParameterType::integer:
    case ParameterType::number: return {1};
    case ParameterType::boolean: return {true};
    case ParameterType::duration: return {"1h30m"};
    case ParameterType::time: return {"2026-11-22"};
    case ParameterType::object:
    case ParameterType::map: return sample_object(parameter);
    case ParameterType::list:
      return Value::array(
          {parameter.children.empty() ? Value("…") : sample(parameter.children[0])});
    default: return {parameter.title.empty() ? "…" : parameter.title};
  }
}

// Required by itself, or the first choice where a rule asks for one of several.
bool needed(const Operation& operation, const Parameter& parameter) {
  return parameter.required ||
         std::any_of(operation.rules.begin(), operation.rules.end(), [&](const Rule& rule) {
           const bool asks =
               rule.kind == Rule::Kind::exactly_one || rule.kind == Rule::Kind::at_least_one;
           return asks && rule.parameters.front() == parameter.name;
         });
}

// YAML of a node with what is required; JSON is YAML, so values are printed as JSON.
std::string example_of(const Operation& operation) {
  std::string id = operation.id.substr(operation.id.find('.') + 1);
  std::replace(id.begin(), id.end(), '.', '_');
  std::string text = "- id: " + id + "\n  type: " + operation.id + "\n";
  if (!operation.package->credentials.empty()) text += "  credential: acme\n";
  std::string with;
  for (const RestParameter& parameter : operation.parameters) {
    const Parameter& described = parameter.parameter;
    if (!needed(operation, described)) continue;
    with += "    " + described.name + ": " + print_json(sample(described)) + "\n";
  }
  return with.empty() ? text : text + "  with:\n" + with;
}

}  // namespace

Description describe(const Operation& operation) {
  Description description;
  description.id = operation.id;
  description.version = operation.version;
  description.title = operation.title;
  description.text = operation.text;
  description.credentials = operation.package->credentials;
  description.traits = operation.traits;
  description.examples = operation.examples;
  if (description.examples.empty()) description.examples.push_back(example_of(operation));
  for (const RestParameter& parameter : operation.parameters) {
    description.parameters.push_back(parameter.parameter);
  }
  return description;
}

}  // namespace engine::rest
