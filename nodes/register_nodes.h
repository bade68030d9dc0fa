// The node types that are compiled in, one per folder of nodes/.
#pragma once

#include "core/node/registry.h"

namespace engine {

/// Adds every core node. Packages (ClickUp) are added by their own functions.
void register_core_nodes(Registry& registry);

}  // namespace engine
