#include "core/execution/retention.h"

namespace engine::execution {

std::optional<store::PruneRules> prune_rules(const workflow::Workflow& workflow, TimePoint now) {
  const workflow::Settings& settings = workflow.settings;
  store::PruneRules rules;
  rules.workflow = workflow.name;
  if (settings.keep_success) rules.success_before = now - *settings.keep_success;
  if (settings.keep_error) rules.error_before = now - *settings.keep_error;
  rules.keep_newest = settings.keep_max;
  if (!rules.success_before && !rules.error_before && !rules.keep_newest) return std::nullopt;
  return rules;
}

}  // namespace engine::execution
