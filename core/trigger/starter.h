// From what a trigger brought to executions: durable first, then run.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/execution/executor.h"
#include "core/trigger/dispatcher.h"
#include "core/trigger/trigger_node.h"

namespace engine::trigger {

/// How a trigger's executions are begun.
struct StartOptions {
  std::string mode;  ///< webhook, schedule, poll, api
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

  /// Goes on with an execution that a process which is gone has left behind: one that waits when it
  /// is due, another when it is its turn. Both count against the limits of their workflow; those
  /// that wait are to be told first, because they have their places. Throws Error.
  void recover(const store::Execution& record);
  /// Goes on at once with one that is stored and runs nowhere. Throws as Executor::resume.
  std::shared_ptr<execution::ActiveExecution> take_up(const store::Execution& record);

  /// Starts that wait for their turn and are kept nowhere but in memory (`durability: none`).
  std::size_t unstored() const;
  /// Until there are none; false when the time is up.
  bool wait_for_unstored(Milliseconds limit);

  /// Executions that were let in and wait for their turn.
  Dispatcher& dispatcher() { return dispatcher_; }

 private:
  struct Admitted {
    Pass pass;
    Dispatcher::Verdict verdict = Dispatcher::Verdict::run;
    execution::Started started;
  };
  struct Held {
    Pass pass;
    execution::Hooks hooks;
  };
  std::vector<Limit> limits_of(const workflow::Workflow& workflow, const Items& items) const;
  Pass pass_of(const store::Execution& record) const;
  void hold(const store::Execution& record, Pass pass, execution::Hooks hooks);
  void go_on(const std::string& execution);
  void cannot_go_on(const std::string& execution, const Error& error);
  void retry_later(const std::string& execution);
  std::optional<Held> let_go(const std::string& execution);
  void enqueue_unstored(Pass pass, execution::Launch launch, execution::Started started);
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
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable begun_;
  std::map<std::string, Held> held_;  // by execution: those that wait since before this process
  std::size_t unstored_ = 0;
};

/// The group of which a schedule lets one run at once, unless its executions may overlap.
std::string schedule_group(std::string_view workflow, std::string_view node);

}  // namespace engine::trigger
