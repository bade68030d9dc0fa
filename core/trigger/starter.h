// From what a trigger brought to executions: durable first, then run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/execution/executor.h"
#include "core/trigger/dispatcher.h"
#include "core/trigger/trigger_node.h"

namespace engine::trigger {

/// How a trigger's executions are begun.
struct StartOptions {
  std::string mode;  ///< webhook, schedule, poll
  /// Of the first start only.
  std::function<void(const execution::ActiveExecution& ended)> on_end{};
  std::function<bool(http::ServerResponse response)> respond{};
  std::vector<Limit> limits{};  ///< beside those of the workflow
};

/// Thread-safe.
class Starter {
 public:
  Starter(execution::Executor& executor, Dispatcher& dispatcher)
      : executor_(executor), dispatcher_(dispatcher) {}

  struct Result {
    bool refused = false;   ///< the queues are full; nothing was accepted
    bool started = false;   ///< the first start was new; false: known, skipped, or there was none
    std::string execution;  ///< then: its id
  };
  /// Returns when all of it is durable: then it may be acknowledged. Throws Error{storage}, and
  /// Error{user} when the concurrency key cannot be evaluated; nothing is accepted then.
  Result start(const std::shared_ptr<TriggerNode>& node, Starts starts, StartOptions options);

  /// Goes on with an execution that a process which is gone has left behind, when it is its turn.
  void recover(const store::Execution& record);

  /// Executions that were let in and wait for their turn.
  Dispatcher& dispatcher() { return dispatcher_; }

 private:
  struct Admitted {
    Pass pass;
    Dispatcher::Verdict verdict = Dispatcher::Verdict::run;
    execution::Started started;
  };
  std::vector<Limit> limits_of(const workflow::Workflow& workflow, const Items& items) const;
  execution::Hooks hooks_for(const Pass& pass, const StartOptions& options, bool first);
  void give_back(const std::vector<Admitted>& admitted);
  void run_quick(const std::shared_ptr<TriggerNode>& node, Admitted start,
                 const StartOptions& options);
  std::vector<bool> store(const TriggerNode& node, const std::vector<Admitted>& admitted,
                          const std::vector<std::string>& keys, const std::optional<Value>& state,
                          const std::string& mode);
  void run_stored(const std::shared_ptr<TriggerNode>& node, Admitted start,
                  const StartOptions& options, bool first);
  void resume_when_due(Pass pass, execution::Hooks hooks);
  std::function<void()> resume_work(const Pass& pass, execution::Hooks hooks);

  execution::Executor& executor_;
  Dispatcher& dispatcher_;
};

}  // namespace engine::trigger
