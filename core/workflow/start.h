// What a run begins with: its trigger and its items.
#pragma once

#include <optional>
#include <string>

#include "core/value/located.h"
#include "core/workflow/workflow.h"

namespace engine::workflow {

/// The trigger that starts a run: the named one; else a manual one, or the first of the file; empty
/// for a workflow without any. Throws Error{user, "unknown_trigger"}.
std::string choose_trigger(const Workflow& workflow, const std::string& wanted = "");

/// Items as files give them: a list of maps, or one map. {json: …} and {json: …, binary: …} is an
/// item as it is stored, anything else the json of one. Nothing when an element is no map; `wrong`
/// points to it then.
std::optional<Items> items_of(const Located& source, const Located*& wrong);

}  // namespace engine::workflow
