#include "core/execution/executor.h"

#include "core/base/id.h"
#include "core/base/process.h"
#include "core/execution/fit_inputs.h"
#include "core/execution/history.h"
#include "core/execution/rebuild.h"

namespace engine::execution {
namespace {

constexpr std::size_t kDeepestCall = 16;
constexpr const char* kTooDeep = "calls_too_deep";

std::string first_trigger(const workflow::Workflow& workflow, std::string_view type = {}) {
  for (const workflow::WorkflowNode& node : workflow.graph.nodes) {
    if (node.type->kind != NodeKind::trigger) continue;
    if (type.empty() || node.type->description.id == type) return node.id;
  }
  return {};
}

}  // namespace

Executor::Executor(Services services, std::size_t threads)
    : services_(std::move(services)),
      active_(std::make_shared<ActiveList>(services_)),
      pool_(threads) {}

Executor::~Executor() {
  active_->close();
}

std::shared_ptr<ActiveExecution> Executor::start(Launch launch, Started start) {
  auto execution = std::make_shared<ActiveExecution>(*this, std::move(launch));
  active_->add(execution->id(), execution);
  execution->begin(std::move(start));
  return execution;
}

std::shared_ptr<const workflow::Workflow> Executor::workflow_of(
    const store::Execution& record) const {
  const auto text = services_.store->find_workflow(record.workflow_hash);
  if (!text) {
    throw Error(ErrorCause::storage, "history_damaged",
                "The workflow of execution " + record.id + " is not in the database.");
  }
  return services_.compile(text->text, text->file);
}

std::shared_ptr<ActiveExecution> Executor::resume(const store::Execution& record, Hooks hooks) {
  if (record.finished) {
    throw Error(
        ErrorCause::user, "execution_finished",
        "Execution " + record.id + " has ended (" + std::string(to_string(record.status)) + ").");
  }
  const bool alive = record.owner == services_.owner
                         ? find(record.id) != nullptr
                         : record.owner != 0 && process_alive(record.owner);
  if (alive || !services_.store->claim_execution(record.id, record.owner, services_.owner)) {
    throw Error(ErrorCause::user, "execution_running",
                "Execution " + record.id + " is being run by another process.");
  }
  Launch launch;
  launch.workflow = workflow_of(record);
  launch.id = record.id;
  launch.mode = record.mode;
  launch.parent = record.parent;
  launch.parent_run = record.parent_run;
  launch.retry_of = record.retry_of;
  launch.hooks = std::move(hooks);
  Rebuilt rebuilt = rebuild(*launch.workflow, *services_.store, record);
  auto execution = std::make_shared<ActiveExecution>(*this, std::move(launch));
  if (rebuilt.sequence == 0) {
    store::Execution ended = record;
    ended.status = store::Status::crashed;
    ended.finished = services_.clock.now();
    services_.store->append(record.id, {}, {}, ended)->wait();
    throw Error(ErrorCause::storage, "execution_not_begun",
                "Execution " + record.id +
                    " was stopped before its start was stored; run the workflow again.");
  }
  active_->add(record.id, execution);
  if (execution->workflow().settings.on_crash == workflow::OnCrash::fail) {
    execution->fail_crashed(std::move(rebuilt.state), rebuilt.sequence, record);
  } else {
    execution->resume(std::move(rebuilt.state), rebuilt.sequence, &record);
  }
  return execution;
}

std::shared_ptr<ActiveExecution> Executor::take_over(
    const store::Execution& record, const std::shared_ptr<const workflow::Workflow>& workflow,
    const std::function<bool(const State&, Event&)>& keep, Hooks hooks) {
  Launch launch;
  launch.workflow = workflow;
  launch.mode = "retry";
  launch.retry_of = record.id;
  launch.hooks = std::move(hooks);
  auto execution = std::make_shared<ActiveExecution>(*this, std::move(launch));
  active_->add(execution->id(), execution);
  execution->create();
  Rebuilt rebuilt =
      rebuild(*workflow, *services_.store, record, keep,
              [&](const State& state, const Event& event) { execution->copy_event(state, event); });
  execution->resume(std::move(rebuilt.state), execution->sequence(), nullptr);
  return execution;
}

std::shared_ptr<ActiveExecution> Executor::retry(const store::Execution& record, Hooks hooks) {
  if (!record.finished) {
    // Its process was ended while it was being stopped: it ends, and then goes on like any other.
    const bool stopping = rebuild(*workflow_of(record), *services_.store, record).state.stopping;
    if (!stopping) return resume(record, std::move(hooks));
    resume(record, {})->wait();
    return retry(services_.store->find_execution(record.id).value(), std::move(hooks));
  }
  if (record.status == store::Status::success) {
    throw Error(ErrorCause::user, "execution_finished",
                "Execution " + record.id +
                    " succeeded, so there is nothing to retry. To run a part of it again use: "
                    "engine executions replay " +
                    record.id + " --from NODE");
  }
  return take_over(record, workflow_of(record), keep_for_retry, std::move(hooks));
}

std::shared_ptr<ActiveExecution> Executor::replay(const store::Execution& record,
                                                  const std::string& node,
                                                  std::optional<Items> edited, Hooks hooks) {
  const auto workflow = workflow_of(record);
  return take_over(record, workflow, keep_for_replay(*workflow, node, std::move(edited)),
                   std::move(hooks));
}

Items Executor::call(const Launch& caller, const std::string& run, const std::string& name,
                     const Items& items, bool wait, const Cancellation& cancellation) {
  if (caller.depth >= kDeepestCall) {
    throw Error(ErrorCause::user, kTooDeep,
                "Workflows call each other more than " + std::to_string(kDeepestCall) +
                    " levels deep; does '" + name +
                    "' call itself? Let an `if` end the calls, or use 'type: repeat'.");
  }
  std::shared_ptr<ActiveExecution> child;
  const auto blocking = wait ? std::make_shared<ThreadPool::Blocking>(pool_, false) : nullptr;
  const auto stored = caller.save && services_.store != nullptr
                          ? services_.store->find_child(caller.id, run)
                          : std::nullopt;
  if (stored && stored->status == store::Status::success) {
    return result_items(rebuild(*workflow_of(*stored), *services_.store, *stored).state);
  }
  if (stored && !stored->finished) child = find(stored->id);
  if (stored && !stored->finished && !child) {
    try {
      child = resume(*stored, {});
    } catch (const Error& error) {
      if (error.code() == "execution_running" && !wait) return {};
      if (error.code() != "execution_not_begun") throw;
    }
  }
  if (!child) {
    Launch launch;
    launch.workflow = services_.workflows(name, caller.workflow->file);
    launch.mode = "sub_workflow";
    launch.save = caller.save;
    launch.dry_run = caller.dry_run;
    launch.parent = caller.id;
    launch.parent_run = run;
    launch.depth = caller.depth + 1;
    // The caller's thread has work again from then on.
    if (blocking) launch.hooks.on_end = [blocking](const ActiveExecution&) { blocking->end(); };
    Started started;
    started.trigger = first_trigger(*launch.workflow);
    started.items = fit_inputs(*launch.workflow, items);
    child = start(std::move(launch), std::move(started));
  }
  if (!wait) {
    const std::lock_guard lock(mutex_);
    std::erase_if(background_, [](const auto& execution) { return execution->ended(); });
    background_.push_back(child);
    return {};
  }
  const auto stop = cancellation.on_cancel([&] { child->cancel(CancelReason::cancelled); });
  blocking->begin();
  child->wait();
  cancellation.check();
  if (child->outcome() != Outcome::success) {
    const Error error = child->error().value_or(
        Error(ErrorCause::bug, "sub_workflow_failed", "The called workflow failed."));
    // Told once, not once for each level.
    if (error.code() == kTooDeep) throw Error(error.cause(), kTooDeep, error.message());
    throw Error(
        error.cause(), "sub_workflow_failed",
        "Workflow '" + name + "' (execution " + child->id() + ") failed: " + describe(error));
  }
  return child->result();
}

void Executor::wait_for_background() {
  while (true) {
    std::shared_ptr<ActiveExecution> next;
    {
      const std::lock_guard lock(mutex_);
      if (background_.empty()) return;
      next = background_.back();
    }
    next->wait();
    const std::lock_guard lock(mutex_);
    std::erase(background_, next);
  }
}

void Executor::cancel_background() {
  const std::lock_guard lock(mutex_);
  for (const auto& execution : background_) execution->cancel(CancelReason::cancelled);
}

void Executor::run_error_workflow(const ActiveExecution& failed, const Launch& launch) {
  const std::string& name = failed.workflow().settings.error_workflow;
  if (name.empty() || launch.mode == "error" || launch.mode == "test" || launch.dry_run) return;
  try {
    Launch error_launch;
    error_launch.workflow = services_.workflows(name, failed.workflow().file);
    error_launch.mode = "error";
    error_launch.save = launch.save;
    Started started;
    started.trigger = first_trigger(*error_launch.workflow, "error_trigger");
    const Value json = Value::object(
        {{"execution", Value::object({{"id", failed.id()},
                                      {"mode", launch.mode},
                                      {"error", error_json(*failed.error())},
                                      {"lastNodeExecuted", failed.error()->where.node}})},
         {"workflow",
          Value::object({{"name", failed.workflow().name}, {"file", failed.workflow().file}})}});
    started.items.push_back({json, {}, {}});
    const auto execution = start(std::move(error_launch), std::move(started));
    const ThreadPool::Blocking blocking(pool_);
    execution->wait();
    if (execution->outcome() != Outcome::success) {
      services_.log.error("The error workflow failed.",
                          {{"workflow", name}, {"execution", execution->id()}});
    }
  } catch (const Error& error) {
    services_.log.error("The error workflow could not be run.",
                        {{"workflow", name}, {"error", error.what()}});
  }
}

}  // namespace engine::execution
