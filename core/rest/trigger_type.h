// The node type of a declared trigger.
#pragma once

#include "core/node/node.h"
#include "core/rest/trigger_spec.h"

namespace engine::rest {

/// With both `webhook` and `poll` it has a parameter `mode`, and with `poll` a parameter `every`.
NodeType trigger_type(TriggerSpec spec);

}  // namespace engine::rest
