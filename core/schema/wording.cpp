// The words of schema faults: what was expected and what was there.
#include <algorithm>

#include "core/base/nearest.h"
#include "core/schema/fit.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine {
namespace {

constexpr std::size_t kMostNames = 12;
constexpr std::size_t kMostText = 40;

std::string limit_text(const std::optional<double>& min, const std::optional<double>& max) {
  if (min && max) return " from " + format_number(*min) + " to " + format_number(*max);
  if (min) return " of at least " + format_number(*min);
  if (max) return " of at most " + format_number(*max);
  return "";
}

// `one` and `many` of what is counted.
std::string length_text(const Parameter& parameter, const char* one, const char* many) {
  const bool needs_one = parameter.min == 1.0 && !parameter.max;
  if (needs_one && parameter.type == ParameterType::string) return " that is not empty";
  const std::string limits = limit_text(parameter.min, parameter.max);
  return limits.empty() ? "" : limits + " " + (needs_one ? one : many);
}

std::string some_names(std::vector<std::string> names) {
  if (names.size() <= kMostNames) return list_names(names);
  names.resize(kMostNames);
  std::string text;
  for (const std::string& name : names) text += "'" + name + "', ";
  return text + "…";
}

std::vector<std::string> choice_names(const Parameter& parameter) {
  std::vector<std::string> names;
  for (const Choice& choice : parameter.choices) names.push_back(choice.value);
  return names;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the description
std::string kind_of_value(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::any: return "a value";
    case ParameterType::string: return "a text" + length_text(parameter, "character", "characters");
    case ParameterType::integer: return "a whole number" + limit_text(parameter.min, parameter.max);
    case ParameterType::number: return "a number" + limit_text(parameter.min, parameter.max);
    case ParameterType::boolean: return "true or false";
    case ParameterType::choice: return some_names(choice_names(parameter));
    case ParameterType::duration: return "a duration such as 30s, 5m or 2h";
    case ParameterType::time: return "a time such as \"2026-01-31T09:00:00Z\"";
    case ParameterType::object:
      return parameter.children.empty()
                 ? "a map (names and values)"
                 : "a map with " + some_names(parameter_names(parameter.children));
    case ParameterType::map: return "a map (names and values)";
    case ParameterType::list: {
      std::string text = "a list" + length_text(parameter, "element", "elements");
      if (parameter.children.empty()) return text;
      const std::string element = kind_of_value(parameter.children[0]);
      text += ", each " + element;
      return parameter.list_or_one ? element + ", or " + text : text;
    }
  }
  return "a value";
}

std::string quoted_start(std::string_view text) {
  if (text.size() <= kMostText) return "'" + std::string(text) + "'";
  std::size_t end = kMostText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return "'" + std::string(text.substr(0, end)) + "…'";
}

}  // namespace

std::string expectation(const Parameter& parameter) {
  std::string text = kind_of_value(parameter);
  if (parameter.nullable) text += ", or null";
  if (!parameter.examples.empty() && !parameter.secret) {
    text += ", for example " + print_json(parameter.examples.front());
  }
  return text;
}

std::string got(Kind kind, View scalar, bool secret) {
  switch (kind) {
    case Kind::missing: return "nothing";
    case Kind::null: return "null (an empty value)";
    case Kind::array: return "a list";
    case Kind::object: return "a map";
    case Kind::boolean: return secret ? "a boolean" : scalar.as_bool() ? "true" : "false";
    case Kind::integer:
    case Kind::number: return secret ? "a number" : "the number " + scalar.number_text();
    case Kind::string:
      if (scalar.as_string().empty()) return "an empty text";
      return secret ? "another text" : "the text " + quoted_start(scalar.as_string());
  }
  return "something else";
}

std::string mismatch(const Parameter& parameter, Kind kind, View scalar, GivenBy origin) {
  const bool of_wrong_length = parameter.type == ParameterType::list && kind == Kind::array;
  std::string text = "expected " + expectation(parameter) + ", got " +
                     (!of_wrong_length       ? got(kind, scalar, parameter.secret)
                      : parameter.min == 1.0 ? "an empty list"
                                             : "a list of another length") +
                     ".";
  if (kind == Kind::null) {
    return text + (origin == GivenBy::file
                       ? " Leave the key out when there is nothing to say."
                       : " Where it may be null, say what counts instead: {{ … ?? 'none' }}.");
  }
  if (parameter.type == ParameterType::choice && kind == Kind::string) {
    text += did_you_mean(scalar.as_string(), choice_names(parameter));
  }
  if (parameter.type == ParameterType::duration && scalar.is_number()) {
    text += " A duration needs its unit: ms, s, m, h or d.";
  }
  if (parameter.literal && scalar.as_string().find("{{") != std::string_view::npos) {
    text += " Expressions are not possible here.";
  }
  return text;
}

std::string unknown_key(std::string_view key, const std::vector<Parameter>& parameters) {
  const std::vector<std::string> names = parameter_names(parameters);
  std::string near = did_you_mean(key, names);
  if (!near.empty()) return near;
  if (names.empty()) return " It takes no keys.";
  return " Expected " + some_names(names) + ".";
}

std::string visibility_rule(const Parameter& parameter) {
  std::string text = "'" + parameter.name + "' only counts when ";
  for (std::size_t i = 0; i < parameter.show_when.size(); ++i) {
    const ShowWhen& condition = parameter.show_when[i];
    std::vector<std::string> values;
    for (const Value& value : condition.values) values.push_back(to_text(value));
    if (i > 0) text += " and ";
    text += "'" + condition.parameter + "' is " + some_names(values);
  }
  return text;
}

}  // namespace engine
