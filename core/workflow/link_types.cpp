#include <algorithm>

#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

void report_unknown(Checks& checks, const Draft& draft) {
  const std::vector<int> versions = checks.context.registry->versions(draft.type);
  if (versions.empty()) {
    const std::string refusal = checks.context.registry->refusal(draft.type);
    std::string help = refusal.empty() ? checks.suggest(draft.type, checks.types()) : " " + refusal;
    if (help.empty()) help = " 'engine nodes list' prints all types.";
    checks.fault(draft.type_position, "unknown_type",
                 "There is no node type '" + draft.type + "'." + help);
    return;
  }
  std::string known;
  for (const int version : versions) known += (known.empty() ? "" : ", ") + std::to_string(version);
  checks.fault(draft.version_position, "unknown_version",
               "The node type '" + draft.type + "' has no version " +
                   std::to_string(draft.version) + ". Expected " + known +
                   ", or no version for the latest.");
}

void add_outputs(Draft& draft) {
  const NodeType& type = *draft.node.type;
  draft.node.outputs = type.description.dynamic_outputs && type.outputs_of
                           ? type.outputs_of(draft.with)
                           : type.description.outputs;
  if (draft.node.on_error == OnError::output) {
    const bool known =
        std::any_of(draft.node.outputs.begin(), draft.node.outputs.end(),
                    [](const OutputDescription& output) { return output.name == "error"; });
    if (!known) draft.node.outputs.push_back({"error", "Items that failed."});
  }
  for (const InputDescription& input : type.description.inputs) {
    draft.node.inputs.push_back(input.name);
  }
}

void check_body(Checks& checks, const Draft& draft) {
  if (draft.is_loop() && draft.body.empty()) {
    checks.fault(draft.says_do ? draft.do_position : draft.type_position, "missing_body",
                 "The loop '" + draft.node.id +
                     "' has no nodes to repeat. Add them below 'do:', as a list.");
  }
  if (!draft.is_loop() && draft.says_do) {
    checks.fault(draft.do_position, "not_a_loop",
                 "'do' is for loops (loop, repeat), and '" + draft.node.id + "' is of the type '" +
                     draft.type + "'. Move these nodes below it.");
  }
}

// A loop or a trigger does not run itself; a key that would do nothing is not taken.
void check_keys(Checks& checks, const Draft& draft) {
  if (!draft.is_loop() && !draft.is_trigger()) return;
  if (draft.is_trigger() && draft.node.type->node != nullptr) return;  // it has a run of its own
  for (const char* key : {"retry", "timeout", "once", "concurrency"}) {
    const Located* value = draft.source->find(key);
    if (value == nullptr) continue;
    const bool parallel = std::string_view(key) == "concurrency" && draft.is_loop();
    checks.fault(value->position(checks.file), "key_not_used",
                 std::string("'") + key + "' has no effect on " +
                     (draft.is_trigger() ? "a trigger. Remove it."
                      : parallel         ? "a loop. Say 'parallel' below 'with'."
                                         : "a loop. Give it to the nodes below 'do'."));
  }
}

void link_type(Checks& checks, const Level& level, Draft& draft) {
  draft.node.type = checks.context.registry->find(draft.type, draft.version);
  if (draft.node.type == nullptr) {
    if (!draft.type.empty()) report_unknown(checks, draft);
    return;
  }
  add_outputs(draft);
  check_body(checks, draft);
  check_keys(checks, draft);
  if (!draft.is_trigger()) return;
  if (level.outer != nullptr) {
    checks.fault(draft.type_position, "trigger_in_loop",
                 "A trigger starts an execution, so it cannot stand inside of a loop. Move it to "
                 "the beginning of the file.");
  }
  if (draft.says_after) {
    checks.fault(draft.after_position, "trigger_after",
                 "The trigger '" + draft.node.id +
                     "' starts an execution and follows no node. Remove 'after'.");
  }
}

}  // namespace

void link_types(Checks& checks) {
  for (Level& level : checks.levels) {
    for (Draft& draft : *level.drafts) link_type(checks, level, draft);
  }
}

}  // namespace engine::workflow
