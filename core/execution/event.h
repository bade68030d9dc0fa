// What happens to an execution (events) and what is to be done about it (commands).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/execution/state.h"

namespace engine::execution {

// ---------------------------------------------------------------- events: stored, replayed

/// The first event. `trigger` is a node id, or empty for a workflow without one.
struct Started {
  std::string trigger;
  Items items;
  bool use_pins = true;
  std::string until;                       ///< stop after this node; empty: run all
  std::map<std::string, Items> overrides;  ///< edited inputs, by node id
  /// What nodes give instead of being run: a list of items for each output, by node id.
  std::map<std::string, std::vector<Items>> pins{};
};

/// The parameters of a loop, evaluated.
struct LoopEntered {
  RunKey key;
  std::size_t batch_size = 1;
  std::size_t parallel = 1;
  std::size_t max_rounds = 0;  ///< of `repeat`
};

/// The `until` of a `repeat`, evaluated after a round.
struct RoundChecked {
  RunKey key;  ///< the loop
  bool stop = false;
};

struct RunFinished {
  RunKey key;
  int attempt = 1;
  TimePoint started;
  std::vector<Items> outputs;
  std::optional<TimePoint> ready_at;  ///< the outputs count from then on
  bool resumable = false;             ///< or from a call of the resume URL on
};

struct RunFailed {
  RunKey key;
  int attempt = 1;
  TimePoint started;
  Error error;
  std::optional<TimePoint> retry_at;  ///< run again then; without it the failure is final
  std::optional<Partial> partial;     ///< items that succeeded all the same
};

/// A retry or a wait is due.
struct TimerFired {
  RunKey key;
  Value resumed{};  ///< what the resume URL was called with; missing when time was up
};

/// Cancelled by somebody, or out of time.
struct StopRequested {
  Outcome as = Outcome::cancelled;
  Error error;
};

using Event = std::variant<Started, LoopEntered, RoundChecked, RunFinished, RunFailed, TimerFired,
                           StopRequested>;

// ---------------------------------------------------------------- commands: carried out, not
// stored

/// Run a node with the inputs in its NodeState.
struct RunNode {
  RunKey key;
};
/// Evaluate a loop's parameters, answer with LoopEntered (or RunFailed).
struct EnterLoop {
  RunKey key;
};
/// Evaluate `until` over the items of the round that ended last, answer with RoundChecked.
struct CheckRound {
  RunKey key;
};
struct StartTimer {
  RunKey key;
  TimePoint due;
};
/// Stop what runs in a scope and in those inside it; what it still reports is ignored.
struct CancelScope {
  ScopeIndex scope = 0;
};
/// Stop all that runs; what it still reports is recorded.
struct CancelAll {};
struct Finish {};

using Command =
    std::variant<RunNode, EnterLoop, CheckRound, StartTimer, CancelScope, CancelAll, Finish>;

}  // namespace engine::execution
