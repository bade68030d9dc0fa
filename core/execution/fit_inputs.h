// The typed inputs of a workflow that is called.
#pragma once

#include "core/value/item.h"
#include "core/workflow/workflow.h"

namespace engine::execution {

/// Whether a run that begins at this trigger (empty: there is none) is given what a caller gives:
/// other triggers make items of their own.
bool takes_inputs(const workflow::Workflow& workflow, const std::string& trigger);

/// The items as `inputs` of the workflow describes them: defaults filled in, values converted where
/// nothing is lost. Fields that it does not name stay. Throws Error{user, "bad_inputs"}.
Items fit_inputs(const workflow::Workflow& workflow, Items items);

}  // namespace engine::execution
