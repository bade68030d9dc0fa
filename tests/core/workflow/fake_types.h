// A small set of node types for the tests of workflows.
#pragma once

#include "core/node/registry.h"

namespace engine::test {

/// manual, hook (triggers), set, if, switch, http, merge (open inputs), join (left, right), respond
/// (no output), loop, repeat, task (a credential; versions 1 and 2), sync (two credentials), code.
void add_fake_types(Registry& registry);

}  // namespace engine::test
