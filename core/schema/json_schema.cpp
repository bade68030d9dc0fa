// JSON Schema, draft 2020-12: https://json-schema.org/draft/2020-12/schema
#include "core/schema/parameter.h"

namespace engine {
namespace {

void member(ValueBuilder& builder, std::string_view key, const Value& value) {
  builder.key(key);
  builder.value(value);
}

void limits(ValueBuilder& builder, const Parameter& parameter, std::string_view min_key,
            std::string_view max_key) {
  if (parameter.min) member(builder, min_key, Value(*parameter.min));
  if (parameter.max) member(builder, max_key, Value(*parameter.max));
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the description
Value type_schema(const Parameter& parameter);

// What the parameter's own kind of value looks like, without expressions and null.
// NOLINTNEXTLINE(misc-no-recursion)
void describe_kind(ValueBuilder& builder, const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::any: break;
    case ParameterType::string:
      member(builder, "type", Value::array({"string", "number", "boolean"}));
      limits(builder, parameter, "minLength", "maxLength");
      break;
    case ParameterType::integer:
    case ParameterType::number:
      member(builder, "type", parameter.type == ParameterType::integer ? "integer" : "number");
      limits(builder, parameter, "minimum", "maximum");
      break;
    case ParameterType::boolean: member(builder, "type", "boolean"); break;
    case ParameterType::choice: {
      std::vector<Value> values;
      for (const Choice& choice : parameter.choices) values.emplace_back(choice.value);
      member(builder, "enum", Value::array(values));
      break;
    }
    case ParameterType::duration:
      member(builder, "type", "string");
      member(builder, "pattern", "^([0-9]+(ms|s|m|h|d))+$");
      break;
    case ParameterType::time: member(builder, "type", Value::array({"string", "number"})); break;
    case ParameterType::object: member(builder, "type", "object"); break;
    case ParameterType::map:
      member(builder, "type", "object");
      if (!parameter.children.empty()) {
        member(builder, "additionalProperties", type_schema(parameter.children[0]));
      }
      break;
    case ParameterType::list:
      member(builder, "type", "array");
      limits(builder, parameter, "minItems", "maxItems");
      if (!parameter.children.empty()) {
        member(builder, "items", type_schema(parameter.children[0]));
      }
      break;
  }
}

// NOLINTNEXTLINE(misc-no-recursion)
Value kind_schema(const Parameter& parameter) {
  if (parameter.type == ParameterType::object && !parameter.children.empty()) {
    return json_schema(parameter.children);
  }
  ValueBuilder builder;
  builder.begin_object();
  describe_kind(builder, parameter);
  builder.end_object();
  return builder.finish();
}

// NOLINTNEXTLINE(misc-no-recursion)
std::vector<Value> alternatives(const Parameter& parameter) {
  std::vector<Value> forms{kind_schema(parameter)};
  if (parameter.type == ParameterType::any) return forms;
  if (parameter.type == ParameterType::list && parameter.list_or_one) {
    forms.push_back(parameter.children.empty() ? Value::object()
                                               : type_schema(parameter.children[0]));
  }
  if (parameter.nullable) forms.push_back(Value::object({{"type", "null"}}));
  if (!parameter.literal && parameter.type != ParameterType::string) {
    forms.push_back(Value::object({{"type", "string"}, {"pattern", "\\{\\{"}}));
  }
  return forms;
}

// NOLINTNEXTLINE(misc-no-recursion)
Value type_schema(const Parameter& parameter) {
  const std::vector<Value> forms = alternatives(parameter);
  ValueBuilder builder;
  builder.begin_object();
  if (!parameter.title.empty()) member(builder, "title", parameter.title);
  if (!parameter.text.empty()) member(builder, "description", parameter.text);
  if (!parameter.default_value.missing()) member(builder, "default", parameter.default_value);
  if (!parameter.examples.empty()) member(builder, "examples", Value::array(parameter.examples));
  if (forms.size() == 1) {
    for (const auto& [key, value] : forms[0].members()) member(builder, key, forms[0].share(value));
  } else {
    member(builder, "anyOf", Value::array(forms));
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion)
Value json_schema(const std::vector<Parameter>& parameters) {
  std::vector<Value> required;
  ValueBuilder builder;
  builder.begin_object();
  member(builder, "type", "object");
  builder.key("properties");
  builder.begin_object();
  for (const Parameter& parameter : parameters) {
    member(builder, parameter.name, type_schema(parameter));
    // Whether a conditional parameter is needed depends on its siblings; the engine's check says
    // so.
    if (parameter.required && parameter.show_when.empty()) required.emplace_back(parameter.name);
  }
  builder.end_object();
  if (!required.empty()) member(builder, "required", Value::array(required));
  member(builder, "additionalProperties", false);
  builder.end_object();
  return builder.finish();
}

}  // namespace engine
