#include "core/execution/fit_inputs.h"

#include "core/base/nearest.h"
#include "core/node/field_changes.h"

namespace engine::execution {
namespace {

// A field that no input is named like, but nearly.
std::string misspelt(const workflow::Workflow& workflow, const std::string& input,
                     const Value& json) {
  std::vector<std::string> others;
  for (const auto& [name, value] : json.members()) {
    if (find_parameter(workflow.inputs, name) == nullptr) others.emplace_back(name);
  }
  const std::vector<std::string> near = nearest_names(input, others, 1);
  return near.empty() ? "" : " What was given has '" + near[0] + "'.";
}

Value fitted(const workflow::Workflow& workflow, const Parameter& input, const Value& json,
             std::size_t item) {
  const View given = json.view()[input.name];
  try {
    return normalise(input, json.share(given));
  } catch (const Error& error) {
    throw Error(ErrorCause::user, "bad_inputs",
                "The input '" + error.where.parameter + "' of the workflow '" + workflow.name +
                    "' does not fit (item " + std::to_string(item + 1) + "). " + error.message() +
                    (given.missing() ? misspelt(workflow, input.name, json) : ""));
  }
}

}  // namespace

bool takes_inputs(const workflow::Workflow& workflow, const std::string& trigger) {
  const workflow::WorkflowNode* node = workflow.find(trigger);
  return node == nullptr || node->type->description.id == "manual";
}

Items fit_inputs(const workflow::Workflow& workflow, Items items) {
  std::vector<FieldChange> changes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value json = items[i].json;
    changes.clear();
    for (const Parameter& input : workflow.inputs) {
      Value value = fitted(workflow, input, json, i);
      if (!value.missing() && !value.equals(json.view()[input.name]))
        changes.push_back({{input.name}, std::move(value)});
    }
    if (changes.empty()) continue;
    ValueBuilder builder;
    write_changed(builder, json, changes);
    items[i].json = builder.finish();
  }
  return items;
}

}  // namespace engine::execution
