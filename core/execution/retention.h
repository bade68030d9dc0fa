// How long executions are kept.
#pragma once

#include <optional>

#include "core/base/time.h"
#include "core/store/store.h"
#include "core/workflow/workflow.h"

namespace engine::execution {

/// What `settings.keep` lets go of the executions of a workflow; nothing when all are kept.
std::optional<store::PruneRules> prune_rules(const workflow::Workflow& workflow, TimePoint now);

}  // namespace engine::execution
