// Stored histories: the state that events add up to, and the part of them that another execution
// takes over.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/execution/event.h"
#include "core/execution/services.h"

namespace engine::execution {

struct Rebuilt {
  State state;
  std::uint32_t sequence = 0;  ///< of the last event
};

/// Replays the stored events. `keep` may change an event or drop it (false); null keeps all. Every
/// kept event is passed to `each` before it is applied, with the state it meets.
Rebuilt rebuild(const workflow::Workflow& workflow, store::Store& store,
                const store::Execution& record,
                const std::function<bool(const State&, Event&)>& keep = nullptr,
                const std::function<void(const State&, const Event&)>& each = nullptr);

/// What an execution was started with; nothing when its start is not stored.
std::optional<Started> read_start(store::Store& store, const std::string& execution);

/// For a retry: stops, and the failures that ended the execution, are dropped; what items of a
/// failed run gave is kept.
bool keep_for_retry(const State& state, Event& event);

/// For a replay: drops the runs of `from` (a node of the top level) and of all that follows it.
std::function<bool(const State&, Event&)> keep_for_replay(const workflow::Workflow& workflow,
                                                          const std::string& from,
                                                          std::optional<Items> edited);

}  // namespace engine::execution
