#include "core/node/description.h"

#include <algorithm>

namespace engine {
namespace {

template <typename Port>
Value ports(const std::vector<Port>& list) {
  std::vector<Value> result;
  for (const Port& port : list) {
    result.push_back(Value::object({{"name", port.name}, {"text", port.text}}));
  }
  return Value::array(result);
}

Value texts(const std::vector<std::string>& list) {
  return Value::array(std::vector<Value>(list.begin(), list.end()));
}

Value slots(const std::vector<CredentialSlot>& list) {
  std::vector<Value> result;
  for (const CredentialSlot& slot : list) {
    result.push_back(Value::object(
        {{"name", slot.name}, {"types", texts(slot.types)}, {"required", slot.required}}));
  }
  return Value::array(result);
}

}  // namespace

std::optional<std::size_t> find_input(const Description& description, std::string_view name) {
  const auto found =
      std::find_if(description.inputs.begin(), description.inputs.end(),
                   [&](const InputDescription& input) { return input.name == name; });
  if (found == description.inputs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - description.inputs.begin());
}

Value describe_node(const Description& description) {
  std::vector<Value> parameters;
  for (const Parameter& parameter : description.parameters) {
    parameters.push_back(describe_parameter(parameter));
  }
  const Traits& traits = description.traits;
  return Value::object({{"id", description.id},
                        {"version", description.version},
                        {"title", description.title},
                        {"text", description.text},
                        {"inputs", ports(description.inputs)},
                        {"open_inputs", description.open_inputs},
                        {"outputs", ports(description.outputs)},
                        {"dynamic_outputs", description.dynamic_outputs},
                        {"parameters", Value::array(parameters)},
                        {"credentials", slots(description.credentials)},
                        {"traits", Value::object({{"pure", traits.pure},
                                                  {"idempotent", traits.idempotent},
                                                  {"writes", traits.writes}})},
                        {"since", description.since},
                        {"examples", texts(description.examples)}});
}

}  // namespace engine
