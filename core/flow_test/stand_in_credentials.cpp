#include "core/flow_test/stand_in_credentials.h"

#include <algorithm>

#include "core/base/error.h"

namespace engine::flow_test {
namespace {

// What fits where something must be given.
Value stand_in(const Parameter& field) {
  switch (field.type) {
    case ParameterType::choice:
      return field.choices.empty() ? Value("test") : Value(field.choices.front().value);
    case ParameterType::integer:
    case ParameterType::number: return Value(field.min.value_or(1));
    case ParameterType::boolean: return true;
    case ParameterType::duration: return "1s";
    case ParameterType::object:
    case ParameterType::map: return Value::object();
    case ParameterType::list: return Value::array({"test"});
    case ParameterType::time: return "2100-01-01T00:00:00Z";
    default: break;
  }
  const auto least = static_cast<std::size_t>(field.min.value_or(0));
  std::string text = "test";
  while (text.size() < least) text += "-test";
  return text;
}

bool is_shown(const Parameter& field, View fields, const std::vector<Parameter>& all) {
  return std::all_of(
      field.show_when.begin(), field.show_when.end(), [&](const ShowWhen& condition) {
        View value = fields[std::string_view(condition.parameter)];
        const Parameter* other = find_parameter(all, condition.parameter);
        if (value.missing() && other != nullptr) value = other->default_value;
        return std::any_of(condition.values.begin(), condition.values.end(),
                           [&](const Value& wanted) { return wanted.view() == value; });
      });
}

// A token counts as there, whoever would have to get it.
bool is_needed(const Parameter& field) {
  return field.required || field.name == kAccessToken;
}

Value filled_in(const CredentialType& type, const Value& given) {
  ValueBuilder builder;
  builder.begin_object();
  for (const Parameter& field : type.fields) {
    const Value value = given[field.name];
    if (value.missing() && (!is_needed(field) || !is_shown(field, given, type.fields))) continue;
    builder.key(field.name);
    builder.value(value.missing() ? stand_in(field) : value);
  }
  for (const auto& [name, value] : given.members()) {  // unknown ones too: the vault names them
    builder.key(name);
    builder.value(given.share(value));
  }
  builder.end_object();
  return builder.finish();
}

// The type that a parameter of the node chooses for the slot; empty when none does.
std::string chosen_type(const workflow::WorkflowNode& node, const CredentialSlot& slot) {
  for (const auto& choice : slot.choices) {
    const auto chooses = [&](const workflow::NodeParameter& parameter) {
      return parameter.description->name == slot.chosen_by && parameter.value.given() &&
             parameter.value.is_constant() && parameter.value.value().as_string() == choice.first;
    };
    if (std::any_of(node.parameters.begin(), node.parameters.end(), chooses)) return choice.second;
  }
  return "";
}

// A type that the slots of this credential take; "bearer" where any will do.
std::string type_for(const workflow::Workflow& workflow, const std::string& credential) {
  for (const workflow::WorkflowNode* node : workflow.by_ordinal) {
    for (const auto& named : node->credentials) {
      if (named.second != credential) continue;
      for (const CredentialSlot& slot : node->type->description.credentials) {
        if (slot.name != named.first) continue;
        std::string chosen = chosen_type(*node, slot);
        if (!chosen.empty()) return chosen;
        if (!slot.types.empty()) return slot.types.front();
      }
    }
  }
  return "bearer";
}

}  // namespace

StandInCredentials::StandInCredentials(store::Store& store, const CredentialTypes& types,
                                       const Clock& clock, std::map<std::string, Value> fields)
    : types_(types),
      fields_(std::move(fields)),
      vault_(store, types, {EncryptionKey::generate().text(), {}, {}}, clock) {}

void StandInCredentials::add_for(const workflow::Workflow& workflow) {
  for (const workflow::WorkflowNode* node : workflow.by_ordinal) {
    for (const auto& [slot, name] : node->credentials) {
      if (!vault_.exists(name)) add(name, type_for(workflow, name));
    }
  }
}

void StandInCredentials::add(const std::string& name, const std::string& type) {
  const CredentialType* known = types_.find(type);
  const auto given = fields_.find(name);
  const Value fields = given == fields_.end() ? Value::object() : given->second;
  vault_.add(name, type, known == nullptr ? fields : filled_in(*known, fields));
}

}  // namespace engine::flow_test
