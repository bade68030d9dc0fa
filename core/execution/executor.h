// Starts executions and goes on with stored ones.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/execution/active_execution.h"
#include "core/execution/active_list.h"

namespace engine::execution {

/// Owns the threads. Thread-safe. Everything it started must have ended before it is destroyed.
class Executor {
 public:
  explicit Executor(Services services, std::size_t threads = 32);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  const Services& services() const { return services_; }
  ThreadPool& pool() { return pool_; }

  std::shared_ptr<ActiveExecution> start(Launch launch, Started start);

  /// Goes on with an execution that nobody runs any more: its finished node runs are not repeated.
  /// Throws Error{user, "execution_running" | "execution_finished"}, Error{storage}.
  std::shared_ptr<ActiveExecution> resume(const store::Execution& record, Hooks hooks);

  /// An execution that runs here; null when it does not (any more).
  std::shared_ptr<ActiveExecution> find(const std::string& id) const { return active_->find(id); }
  std::vector<std::shared_ptr<ActiveExecution>> active() const { return active_->all(); }
  /// Of an execution that has ended.
  void forget(const std::string& id) { active_->remove(id); }

  /// A new execution that takes over the finished node runs of a failed one, and goes on from
  /// there.
  std::shared_ptr<ActiveExecution> retry(const store::Execution& record, Hooks hooks);

  /// A new execution that runs `node` and what follows it again; with `edited` as its input.
  std::shared_ptr<ActiveExecution> replay(const store::Execution& record, const std::string& node,
                                          std::optional<Items> edited, Hooks hooks);

  /// Runs a workflow for a node of another; see NodeContext::call_workflow.
  Items call(const Launch& caller, const std::string& run, const std::string& workflow,
             const Items& items, bool wait, const Cancellation& cancellation);

  /// Runs `settings.error_workflow` after a failure; problems are only logged.
  void run_error_workflow(const ActiveExecution& failed, const Launch& launch);

  /// The workflow text that an execution ran with, compiled again.
  std::shared_ptr<const workflow::Workflow> workflow_of(const store::Execution& record) const;

  /// Executions that were called with `wait: false`. Waits for all of them, also for those that
  /// they call; how they end is stored with them.
  void wait_for_background();
  void cancel_background();

 private:
  std::shared_ptr<ActiveExecution> take_over(
      const store::Execution& record, const std::shared_ptr<const workflow::Workflow>& workflow,
      const std::function<bool(const State&, Event&)>& keep, Hooks hooks);

  Services services_;
  std::shared_ptr<ActiveList> active_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<ActiveExecution>> background_;
  ThreadPool pool_;
};

}  // namespace engine::execution
