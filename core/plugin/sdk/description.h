// What a node type is, as data: declared once, and used for checks, documentation and forms.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json.h"

namespace engine::sdk {

enum class ParameterType {
  any,
  string,
  integer,
  number,
  boolean,
  choice,    ///< one of `choices`
  duration,  ///< "5m"
  time,      ///< ISO 8601
  object,    ///< named members: `children`
  map,       ///< free names; each value is described by children[0] when there is one
  list       ///< each element is described by children[0] when there is one
};

inline const char* to_string(ParameterType type) {
  constexpr const char* kNames[] = {"any",      "string", "integer", "number", "boolean", "choice",
                                    "duration", "time",   "object",  "map",    "list"};
  return kNames[static_cast<int>(type)];
}

struct Choice {
  std::string value;
  std::string text;
};

/// Shown (and allowed) only when another parameter of the same level has one of these values.
struct ShowWhen {
  std::string parameter;
  std::vector<Json> values;
};

struct Parameter {
  std::string name;
  ParameterType type = ParameterType::string;
  std::string title{};
  std::string text{};
  bool required = false;
  Json default_value{};
  std::vector<Choice> choices{};
  std::optional<double> min{};
  std::optional<double> max{};
  std::string unit{};
  bool secret = false;
  std::vector<ShowWhen> show_when{};
  std::vector<Parameter> children{};
  bool late = false;     ///< its expressions are evaluated by Context::evaluate
  bool literal = false;  ///< `{{` is plain text
  bool nullable = false;
  bool list_or_one = false;
  std::vector<Json> examples{};
};

/// A parameter in one chain of words:
///
///   Declare("max", ParameterType::integer, "How many items are kept.").at_least(0).otherwise(1)
class Declare {
 public:
  Declare(std::string name, ParameterType type, std::string text) {
    parameter_.name = std::move(name);
    parameter_.type = type;
    parameter_.text = std::move(text);
  }
  Declare& title(std::string text) { return parameter_.title = std::move(text), *this; }
  Declare& required() { return parameter_.required = true, *this; }
  Declare& otherwise(Json value) { return parameter_.default_value = std::move(value), *this; }
  Declare& one_of(std::vector<Choice> choices) {
    return parameter_.choices = std::move(choices), *this;
  }
  Declare& at_least(double least) { return parameter_.min = least, *this; }
  Declare& at_most(double most) { return parameter_.max = most, *this; }
  Declare& unit(std::string text) { return parameter_.unit = std::move(text), *this; }
  Declare& only_for(std::string parameter, std::vector<Json> values) {
    return parameter_.show_when.push_back({std::move(parameter), std::move(values)}), *this;
  }
  Declare& of(std::vector<Parameter> children) {
    return parameter_.children = std::move(children), *this;
  }
  Declare& late() { return parameter_.late = true, *this; }
  Declare& literal() { return parameter_.literal = true, *this; }
  Declare& nullable() { return parameter_.nullable = true, *this; }
  Declare& list_or_one() { return parameter_.list_or_one = true, *this; }
  Declare& secret() { return parameter_.secret = true, *this; }
  Declare& example(Json value) { return parameter_.examples.push_back(std::move(value)), *this; }

  operator Parameter() const { return parameter_; }

 private:
  Parameter parameter_;
};

struct PortDescription {
  std::string name;
  std::string text{};
};

struct CredentialSlot {
  std::string name{};  ///< "" for a node with one slot
  std::vector<std::string> types{};
  bool required = true;
};

struct Traits {
  bool pure = false;        ///< no effect outside: may run ahead of durability, and again
  bool idempotent = false;  ///< may be repeated with the same outcome
  /// Changes something in other ways than by Context::send: `--dry-run` does not run it.
  bool writes = false;
};

struct Description {
  std::string id{};  ///< the plugin's name, a dot, and more
  int version = 1;
  std::string title{};
  std::string text{};
  std::vector<PortDescription> inputs{{"main"}};
  std::vector<PortDescription> outputs{{"main"}};
  std::vector<Parameter> parameters{};
  std::vector<CredentialSlot> credentials{};
  Traits traits{};
  std::string since = "1.0";
  std::vector<std::string> examples{};  ///< YAML of a node each
};

// ---------------------------------------------------------------- as JSON

inline Json to_json(const Parameter& parameter) {
  Json json = Json::object({{"name", parameter.name},
                            {"type", to_string(parameter.type)},
                            {"text", parameter.text},
                            {"default", parameter.default_value}});
  if (!parameter.title.empty()) json.set("title", parameter.title);
  if (!parameter.unit.empty()) json.set("unit", parameter.unit);
  if (parameter.min) json.set("min", *parameter.min);
  if (parameter.max) json.set("max", *parameter.max);
  for (const auto& [name, flag] : std::initializer_list<std::pair<const char*, bool>>{
           {"required", parameter.required},
           {"secret", parameter.secret},
           {"late", parameter.late},
           {"literal", parameter.literal},
           {"nullable", parameter.nullable},
           {"list_or_one", parameter.list_or_one}}) {
    if (flag) json.set(name, true);
  }
  Json choices = Json::array();
  for (const Choice& choice : parameter.choices) {
    choices.push(Json::object({{"value", choice.value}, {"text", choice.text}}));
  }
  if (choices.size() > 0) json.set("choices", choices);
  Json conditions = Json::array();
  for (const ShowWhen& when : parameter.show_when) {
    conditions.push(Json::object({{"parameter", when.parameter}, {"values", Json(when.values)}}));
  }
  if (conditions.size() > 0) json.set("show_when", conditions);
  Json children = Json::array();
  for (const Parameter& child : parameter.children) children.push(to_json(child));
  if (children.size() > 0) json.set("children", children);
  if (!parameter.examples.empty()) json.set("examples", Json(parameter.examples));
  return json;
}

inline Json to_json(const Description& description) {
  const auto ports = [](const std::vector<PortDescription>& list) {
    Json json = Json::array();
    for (const PortDescription& port : list) {
      json.push(Json::object({{"name", port.name}, {"text", port.text}}));
    }
    return json;
  };
  Json parameters = Json::array();
  for (const Parameter& parameter : description.parameters) parameters.push(to_json(parameter));
  Json slots = Json::array();
  for (const CredentialSlot& slot : description.credentials) {
    Json types = Json::array();
    for (const std::string& type : slot.types) types.push(type);
    slots.push(Json::object({{"name", slot.name}, {"types", types}, {"required", slot.required}}));
  }
  Json examples = Json::array();
  for (const std::string& example : description.examples) examples.push(example);
  const Traits& traits = description.traits;
  return Json::object({{"id", description.id},
                       {"version", description.version},
                       {"title", description.title},
                       {"text", description.text},
                       {"inputs", ports(description.inputs)},
                       {"outputs", ports(description.outputs)},
                       {"parameters", parameters},
                       {"credentials", slots},
                       {"traits", Json::object({{"pure", traits.pure},
                                                {"idempotent", traits.idempotent},
                                                {"writes", traits.writes}})},
                       {"since", description.since},
                       {"examples", examples}});
}

}  // namespace engine::sdk
