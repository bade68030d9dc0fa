#include "core/base/error.h"
#include "core/workflow/draft.h"
#include "core/workflow/keys.h"

namespace engine::workflow {
namespace {

std::optional<double> number_of(const Located* value) {
  return value == nullptr ? std::nullopt : value->scalar.as_number();
}

void check_default(const Parameter& input, const Located& value, Checks& checks) {
  try {
    normalise(input, input.default_value);
  } catch (const Error& error) {
    checks.fault(value.position(checks.file), "bad_parameter",
                 "The default of the input '" + input.name + "' does not fit. " + error.message());
  }
}

Parameter read_input(const LocatedMember& member, const std::vector<Parameter>& keys,
                     Checks& checks) {
  Parameter input;
  input.name = member.key;
  input.type = ParameterType::any;
  // `list: string` is short for `list: {type: string}`.
  Located source = member.value;
  if (source.kind == Kind::string) {
    source = Located{};
    source.kind = Kind::object;
    source.members.push_back({"type", member.line, member.column, member.value});
  }
  check_parameters(keys, &source, member.position(checks.file), checks.file,
                   "the input '" + member.key + "'", checks.diagnostics);
  const std::string type = text_of(source.find("type"));
  input.type = parse_parameter_type(type).value_or(ParameterType::any);
  input.text = text_of(source.find("text"));
  input.required = flag_of(source.find("required"));
  input.min = number_of(source.find("min"));
  input.max = number_of(source.find("max"));
  if (const Located* choices = source.find("choices")) {
    for (const Located& choice : choices->elements) input.choices.push_back({text_of(&choice), ""});
  }
  if (input.type == ParameterType::choice && input.choices.empty()) {
    checks.fault(
        member.position(checks.file), "missing_parameter",
        "The input '" + member.key + "' has the type choice and no choices. Add choices: [a, b].");
  } else if (const Located* value = source.find("default")) {
    input.default_value = to_value(*value);
    check_default(input, *value, checks);
  }
  return input;
}

}  // namespace

void read_inputs(const Located& source, Checks& checks, std::vector<Parameter>& inputs) {
  const std::vector<Parameter> keys = input_keys();
  for (const LocatedMember& member : source.members) {
    inputs.push_back(read_input(member, keys, checks));
  }
}

}  // namespace engine::workflow
