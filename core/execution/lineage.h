// Item linking: which item of an earlier node an item was made from.
#pragma once

#include <string>
#include <vector>

#include "core/execution/state.h"
#include "core/expression/environment.h"

namespace engine::execution {

/// Follows item `item` of `inputs[0]` back to what run `target` gave. The index counts over all
/// outputs of that run, one after the other. When nothing is found, `broken` says which node made
/// items without saying from what, or that several items would fit.
expression::Link trace(const State& state, const std::vector<RunInput>& inputs, std::size_t item,
                       RunIndex target);

}  // namespace engine::execution
