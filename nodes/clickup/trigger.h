// The node type clickup.trigger: starts workflows when something happens in ClickUp.
#pragma once

#include "core/node/node.h"

namespace engine::clickup {

NodeType trigger();

}  // namespace engine::clickup
