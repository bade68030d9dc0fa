// Removing old executions and giving their space back.
#pragma once

#include "core/store/group_writer.h"
#include "core/store/store.h"

namespace engine::store {

/// Works in small transactions, so that running executions go on meanwhile. Returns how many
/// executions were removed.
std::size_t prune_executions(GroupWriter& writer, const PruneRules& rules);

}  // namespace engine::store
