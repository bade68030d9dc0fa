// Requests of triggers, made as those of operations are.
#pragma once

#include <map>
#include <string>

#include "core/node/trigger.h"
#include "core/rest/trigger_spec.h"

namespace engine::rest {

/// Runs a call of the trigger once: its parameters are `values`, and those of the trigger. Gives
/// the items of the answer. Throws what operations throw.
Items run_call(const TriggerSpec& spec, const Operation& operation, TriggerContext& context,
               const std::map<std::string, Value, std::less<>>& values);

}  // namespace engine::rest
