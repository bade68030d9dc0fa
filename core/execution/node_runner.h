// One attempt of one node run: parameters, behaviour, errors of items, and what becomes of them.
#pragma once

#include <vector>

#include "core/execution/event.h"
#include "core/execution/run_context.h"

namespace engine::execution {

struct Attempt {
  RunKey key;
  const workflow::WorkflowNode* node = nullptr;
  std::vector<RunInput> inputs;
  int number = 1;
  std::optional<Partial> partial;  ///< of the attempts before
  RunView view;
  Cancellation cancellation;
  RunOptions options;
};

struct AttemptResult {
  Event event;  ///< RunFinished or RunFailed
  std::vector<store::NodeMemory> memory;
};

/// Never throws: what goes wrong is in the event. A failure is given a time for its retry when the
/// node's policy has one left for it; only the items that did not succeed are tried again.
AttemptResult run_attempt(const workflow::Workflow& workflow, const Services& services,
                          const Attempt& attempt, const RunEnvironment::WithState& with_state);

/// What becomes of an attempt that was ended from outside, by the same rules.
Event fail_attempt(const workflow::Workflow& workflow, const Services& services,
                   const Attempt& attempt, const RunEnvironment::WithState& with_state,
                   const Error& error);

}  // namespace engine::execution
