// Node types for tests of the execution: their behaviour is a function of the test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/node/registry.h"
#include "core/workflow/workflow.h"

namespace engine::test {

using Behaviour = std::function<NodeResult(NodeContext&)>;
using ItemBehaviour = std::function<Items(NodeContext&, std::size_t item)>;

/// `step` (passes on), `if` (outputs true and false), `join` (inputs left and right), `manual` (a
/// trigger), `loop` and `repeat`.
void add_flow_types(Registry& registry);

/// With a parameter `value` of any kind.
void add_behaviour(Registry& registry, const std::string& id, Behaviour behaviour);
void add_item_behaviour(Registry& registry, const std::string& id, ItemBehaviour behaviour);

/// `nodes` are the lines below `nodes:`, `settings` the inside of `settings: {}`.
std::string workflow_text(const std::string& nodes, const std::string& settings = "",
                          const std::string& name = "t");

/// Fails the test when the text is not valid.
std::shared_ptr<const workflow::Workflow> compile_flow(const Registry& registry,
                                                       const std::string& text);

}  // namespace engine::test
