// The heart: what an event makes of an execution. No clock, no I/O, no randomness.
#pragma once

#include <vector>

#include "core/execution/event.h"
#include "core/execution/state.h"

namespace engine::execution {

/// Changes `state` by one event and returns what is to be done next, in order. Events that come too
/// late (an attempt that was given up, a round that failed) change nothing.
std::vector<Command> advance(const workflow::Workflow& workflow, State& state, Event event);

/// False for an event that comes too late to change anything; such an event is not stored.
bool applies(const State& state, const Event& event);

/// What is to be done for a state that was rebuilt from its events: everything that was in flight,
/// once more.
std::vector<Command> outstanding(const State& state);

/// {message, code, cause, status?, node, item?}: what error outputs and `$error` show.
Value error_json(const Error& error);
Error error_from_json(View json);

/// `item` as it goes out on an error output: its json with a member `error`.
Item with_error(const Item& item, const Error& error);

}  // namespace engine::execution
