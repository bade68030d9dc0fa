#include "core/schema/parameter.h"

namespace engine {
namespace {

void text(ValueBuilder& builder, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  builder.key(key);
  builder.string(value);
}

void flag(ValueBuilder& builder, std::string_view key, bool value) {
  if (!value) return;
  builder.key(key);
  builder.boolean(true);
}

void write_choices(ValueBuilder& builder, const std::vector<Choice>& choices) {
  if (choices.empty()) return;
  builder.key("choices");
  builder.begin_array();
  for (const Choice& choice : choices) {
    builder.begin_object();
    builder.key("value");
    builder.string(choice.value);
    text(builder, "text", choice.text);
    builder.end_object();
  }
  builder.end_array();
}

void write_conditions(ValueBuilder& builder, const std::vector<ShowWhen>& conditions) {
  if (conditions.empty()) return;
  builder.key("show_when");
  builder.begin_array();
  for (const ShowWhen& condition : conditions) {
    builder.value(Value::object(
        {{"parameter", condition.parameter}, {"values", Value::array(condition.values)}}));
  }
  builder.end_array();
}

void write_limits(ValueBuilder& builder, const Parameter& parameter) {
  builder.key("min");
  builder.value(parameter.min ? Value(*parameter.min) : Value());
  builder.key("max");
  builder.value(parameter.max ? Value(*parameter.max) : Value());
  text(builder, "unit", parameter.unit);
}

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): as deep as the description
Value describe_parameter(const Parameter& parameter) {
  ValueBuilder builder;
  builder.begin_object();
  text(builder, "name", parameter.name);
  text(builder, "type", std::string(to_string(parameter.type)));
  text(builder, "title", title_of(parameter));
  text(builder, "text", parameter.text);
  flag(builder, "required", parameter.required);
  builder.key("default");
  builder.value(parameter.default_value);
  write_choices(builder, parameter.choices);
  write_limits(builder, parameter);
  flag(builder, "secret", parameter.secret);
  write_conditions(builder, parameter.show_when);
  if (!parameter.children.empty()) {
    builder.key("children");
    builder.begin_array();
    for (const Parameter& child : parameter.children) builder.value(describe_parameter(child));
    builder.end_array();
  }
  flag(builder, "late", parameter.late);
  flag(builder, "literal", parameter.literal);
  text(builder, "language", parameter.language);
  flag(builder, "nullable", parameter.nullable);
  flag(builder, "list_or_one", parameter.list_or_one);
  if (!parameter.examples.empty()) {
    builder.key("examples");
    builder.value(Value::array(parameter.examples));
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace engine
