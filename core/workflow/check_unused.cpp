#include <algorithm>

#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

void report_unfed(Checks& checks, const Draft& draft, const std::string& trigger) {
  checks.fault(draft.id_position, "unused_node",
               "The node '" + draft.node.id +
                   "' never runs: it follows no node, and executions begin at a trigger. Move it "
                   "below one, or write after: " +
                   trigger + ".");
}

void report_idle_trigger(Checks& checks, const Draft& draft, const Draft* below) {
  std::string help = " Write after: " + draft.node.id + " at the node that is to follow.";
  if (below != nullptr) {
    help = " To start the same nodes from several triggers, write after: [" + draft.node.id + ", " +
           below->node.id + "] at the first of them.";
  }
  checks.fault(
      draft.id_position, "unused_node",
      "No node follows the trigger '" + draft.node.id + "', so it would start nothing." + help);
}

}  // namespace

void check_unused(Checks& checks) {
  const std::vector<Draft>& drafts = *checks.levels.front().drafts;
  const auto trigger = std::find_if(drafts.begin(), drafts.end(),
                                    [](const Draft& draft) { return draft.is_trigger(); });
  const bool types_known = std::all_of(
      drafts.begin(), drafts.end(), [](const Draft& draft) { return draft.node.type != nullptr; });
  // A type that is unknown may well be the trigger, or what follows one.
  if (trigger == drafts.end() || !types_known) return;
  std::vector<bool> followed(drafts.size(), false);
  bool all_certain = true;
  for (const Draft& draft : drafts) {
    all_certain = all_certain && !draft.uncertain;
    for (const Edge& edge : draft.node.edges) followed[edge.node] = true;
  }
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const Draft& draft = drafts[i];
    if (!draft.is_trigger()) {
      if (draft.node.edges.empty() && !draft.uncertain)
        report_unfed(checks, draft, trigger->node.id);
    } else if (!followed[i] && drafts.size() > 1 && all_certain) {
      const bool trigger_below = i + 1 < drafts.size() && drafts[i + 1].is_trigger();
      report_idle_trigger(checks, draft, trigger_below ? &drafts[i + 1] : nullptr);
    }
  }
}

}  // namespace engine::workflow
