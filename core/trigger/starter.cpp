#include "core/trigger/starter.h"

#include "core/base/id.h"
#include "core/execution/history.h"
#include "core/execution/rebuild.h"
#include "core/trigger/start_environment.h"
#include "core/value/json.h"

namespace engine::trigger {

using execution::Started;
using Verdict = Dispatcher::Verdict;

namespace {

constexpr Milliseconds kStorageRetry{2'000};

}  // namespace

std::vector<Limit> Starter::limits_of(const workflow::Workflow& workflow,
                                      const Items& items) const {
  const workflow::Settings& settings = workflow.settings;
  if (!settings.concurrency_limit) return {};
  std::string group = workflow.name;
  if (settings.concurrency_key.given()) {
    const StartEnvironment environment(workflow, executor_.services(), items);
    group += '\n' + to_text(workflow.evaluator->evaluate_one(settings.concurrency_key, environment,
                                                             0, Cancellation()));
  }
  return {{std::move(group), *settings.concurrency_limit, settings.when_full}};
}

execution::Hooks Starter::hooks_for(const Pass& pass, const StartOptions& options, bool first) {
  execution::Hooks hooks;
  if (first) hooks.respond = options.respond;
  hooks.on_wait = [this](bool waiting) { dispatcher_.waits(waiting); };
  hooks.on_end = [this, pass, on_end = first ? options.on_end : nullptr](
                     const execution::ActiveExecution& ended) {
    dispatcher_.finished(pass);
    // A full disk, say: what is stored of it goes on when there is space again.
    if (ended.storage_error()) retry_later(pass.execution);
    if (on_end) on_end(ended);
  };
  return hooks;
}

void Starter::give_back(const std::vector<Admitted>& admitted) {
  for (const Admitted& start : admitted) {
    if (start.verdict == Verdict::run) dispatcher_.finished(start.pass);
    if (start.verdict == Verdict::queue) dispatcher_.withdraw(start.pass);
  }
}

Starter::Result Starter::start(const std::shared_ptr<TriggerNode>& node, Starts starts,
                               StartOptions options) {
  const execution::Services& services = executor_.services();
  std::vector<Admitted> admitted;
  std::vector<std::string> keys;
  bool first_skipped = false;
  try {
    for (Start& each : starts.starts) {
      Admitted start;
      start.pass = {make_id(services.clock, services.random), node->workflow(),
                    limits_of(*node->flow(), each.items)};
      start.pass.limits.insert(start.pass.limits.end(), options.limits.begin(),
                               options.limits.end());
      const Dispatcher::Decision decision = dispatcher_.admit(start.pass);
      start.verdict = decision.verdict;
      if (decision.verdict == Verdict::refuse) {
        give_back(admitted);
        return {true, false, {}};
      }
      for (const std::string& oldest : decision.cancel) {
        if (const auto running = executor_.find(oldest)) running->cancel(CancelReason::cancelled);
      }
      if (decision.verdict == Verdict::skip) {
        first_skipped = first_skipped || &each == starts.starts.data();
        services.log.info("A start was skipped: its workflow runs already.",
                          {{"workflow", node->workflow()}, {"node", node->node()}});
        continue;
      }
      start.started.trigger = node->node();
      start.started.use_pins = false;
      start.started.items = std::move(each.items);
      keys.push_back(std::move(each.dedupe_key));
      admitted.push_back(std::move(start));
    }
    if (admitted.empty() && !starts.state) return {};
    const bool quick = admitted.size() == 1 && keys[0].empty() && !starts.state &&
                       admitted[0].verdict == Verdict::run;
    if (quick) {
      Admitted only = std::move(admitted[0]);
      admitted.clear();  // from here on its places are given back when it ends
      Result result{false, true, only.pass.execution};
      run_quick(node, std::move(only), options);
      return result;
    }
  } catch (...) {
    give_back(admitted);
    throw;
  }
  std::vector<bool> made;
  try {
    made = store(*node, admitted, keys, starts.state, options.mode);
  } catch (...) {
    give_back(admitted);
    throw;
  }
  if (starts.state) node->set_state(*starts.state);
  Result result;
  for (std::size_t i = 0; i < admitted.size(); ++i) {
    const bool first = i == 0 && !first_skipped;
    if (!made[i]) {
      give_back({admitted[i]});
      continue;
    }
    if (first) result = {false, true, admitted[i].pass.execution};
    run_stored(node, std::move(admitted[i]), options, first);
  }
  return result;
}

// One write for the whole of a short execution; this thread runs it.
void Starter::run_quick(const std::shared_ptr<TriggerNode>& node, Admitted start,
                        const StartOptions& options) {
  execution::Launch launch;
  launch.workflow = node->flow();
  launch.id = start.pass.execution;
  launch.mode = options.mode;
  launch.quick = true;
  launch.hooks = hooks_for(start.pass, options, true);
  const auto execution = executor_.start(std::move(launch), std::move(start.started));
  if (const store::TicketPtr ticket = execution->start_ticket()) ticket->wait();
}

std::vector<bool> Starter::store(const TriggerNode& node, const std::vector<Admitted>& admitted,
                                 const std::vector<std::string>& keys,
                                 const std::optional<Value>& state, const std::string& mode) {
  const execution::Services& services = executor_.services();
  const workflow::Workflow& workflow = *node.flow();
  store::Intake intake;
  intake.workflow = node.workflow();
  intake.node = node.node();
  intake.text = {workflow.hash, workflow.name, workflow.file, workflow.text};
  intake.at = services.clock.now();
  if (state) intake.state = node.sealed(*state);
  for (std::size_t i = 0; i < admitted.size(); ++i) {
    store::NewExecution start;
    start.dedupe_key = keys[i];
    if (workflow.settings.durability == workflow::Durability::none) {
      intake.executions.push_back(std::move(start));
      continue;
    }
    start.execution.id = admitted[i].pass.execution;
    start.execution.workflow = workflow.name;
    start.execution.workflow_hash = workflow.hash;
    start.execution.mode = mode;
    start.execution.created = intake.at;
    start.execution.owner = services.owner;
    execution::StoredEvent event = execution::encode_event(
        {}, admitted[i].started,
        [&](std::string&& piece) { start.pieces.push_back(std::move(piece)); });
    start.events.push_back({1, intake.at, std::move(event.kind), std::move(event.data)});
    intake.executions.push_back(std::move(start));
  }
  return services.store->accept(intake);
}

void Starter::run_stored(const std::shared_ptr<TriggerNode>& node, Admitted start,
                         const StartOptions& options, bool first) {
  execution::Hooks hooks = hooks_for(start.pass, options, first);
  const bool kept = node->flow()->settings.durability != workflow::Durability::none;
  if (start.verdict == Verdict::queue && kept) {
    return resume_when_due(std::move(start.pass), std::move(hooks));
  }
  execution::Launch launch;
  launch.workflow = node->flow();
  launch.id = start.pass.execution;
  launch.mode = options.mode;
  launch.stored = true;
  launch.hooks = std::move(hooks);
  if (start.verdict == Verdict::queue) {
    return enqueue_unstored(std::move(start.pass), std::move(launch), std::move(start.started));
  }
  executor_.start(std::move(launch), std::move(start.started));
}

void Starter::enqueue_unstored(Pass pass, execution::Launch launch, Started started) {
  {
    const std::lock_guard lock(mutex_);
    ++unstored_;
  }
  struct Work {
    execution::Launch launch;
    Started started;
  };
  auto work = std::make_shared<Work>(Work{std::move(launch), std::move(started)});
  dispatcher_.enqueue(std::move(pass), [this, work] {
    executor_.start(std::move(work->launch), std::move(work->started));
    const std::lock_guard lock(mutex_);
    --unstored_;
    begun_.notify_all();
  });
}

std::size_t Starter::unstored() const {
  const std::lock_guard lock(mutex_);
  return unstored_;
}

bool Starter::wait_for_unstored(Milliseconds limit) {
  std::unique_lock lock(mutex_);
  return begun_.wait_for(lock, limit, [this] { return unstored_ == 0; });
}

// Its items are read from the store again, so that a long queue takes no memory.
void Starter::resume_when_due(Pass pass, execution::Hooks hooks) {
  auto work = resume_work(pass, std::move(hooks));
  dispatcher_.enqueue(std::move(pass), std::move(work));
}

std::function<void()> Starter::resume_work(const Pass& pass, execution::Hooks hooks) {
  return [this, pass, hooks = std::move(hooks)] {
    const execution::Services& services = executor_.services();
    try {
      const auto record = services.store->find_execution(pass.execution);
      // Its resume URL may have been faster.
      if (record && !record->finished && !executor_.find(record->id)) {
        executor_.resume(*record, hooks);
        return;
      }
    } catch (const Error& error) {
      cannot_go_on(pass.execution, error);
    }
    dispatcher_.finished(pass);
  };
}

// ---------------------------------------------------------------- what was left behind

std::string schedule_group(std::string_view workflow, std::string_view node) {
  return "schedule\n" + std::string(workflow) + '\n' + std::string(node);
}

// The places that it had: its key is in its items, its schedule in its trigger.
Pass Starter::pass_of(const store::Execution& record) const {
  Pass pass{record.id, record.workflow, {}};
  const auto workflow = executor_.workflow_of(record);
  const bool of_schedule = record.mode == "schedule";
  if (!workflow->settings.concurrency_limit && !of_schedule) return pass;
  std::optional<Started> started;
  if (of_schedule || workflow->settings.concurrency_key.given()) {
    started = execution::read_start(*executor_.services().store, record.id);
    if (!started) return pass;
  }
  try {
    pass.limits = limits_of(*workflow, started ? started->items : Items());
  } catch (const Error& error) {
    executor_.services().log.warn("The concurrency key of an execution that goes on is unknown.",
                                  {{"execution", record.id}, {"error", error.what()}});
  }
  if (of_schedule) {
    pass.limits.push_back({schedule_group(record.workflow, started->trigger), 1, {}});
  }
  return pass;
}

void Starter::recover(const store::Execution& record) {
  Pass pass = pass_of(record);
  execution::Hooks hooks = hooks_for(pass, {}, false);
  if (record.status == store::Status::waiting) {
    return hold(record, std::move(pass), std::move(hooks));
  }
  const Verdict verdict = dispatcher_.admit(pass, false).verdict;
  if (verdict == Verdict::queue) return resume_when_due(std::move(pass), std::move(hooks));
  executor_.pool().submit(resume_work(pass, std::move(hooks)));
}

// Nothing of it is in memory until it is due.
void Starter::hold(const store::Execution& record, Pass pass, execution::Hooks hooks) {
  const execution::Services& services = executor_.services();
  dispatcher_.hold(pass);
  {
    const std::lock_guard lock(mutex_);
    held_.insert_or_assign(record.id, Held{std::move(pass), std::move(hooks)});
  }
  services.timers.at(record.due.value_or(services.clock.now()), [this, id = record.id] {
    executor_.pool().submit([this, id] { go_on(id); });
  });
}

std::optional<Starter::Held> Starter::let_go(const std::string& execution) {
  const std::lock_guard lock(mutex_);
  auto found = held_.extract(execution);
  if (!found) return std::nullopt;
  return std::move(found.mapped());
}

// It counts as one that waits: its hooks say when it does not any more.
void Starter::go_on(const std::string& execution) {
  const auto held = let_go(execution);
  if (!held) return;  // its resume URL was faster
  const execution::Services& services = executor_.services();
  try {
    const auto record = services.store->find_execution(execution);
    if (record && !record->finished) {
      if (record->status != store::Status::waiting) dispatcher_.waits(false);
      executor_.resume(*record, held->hooks);
      return;
    }
  } catch (const Error& error) {
    cannot_go_on(execution, error);
  }
  dispatcher_.waits(false);
  dispatcher_.finished(held->pass);
}

void Starter::cannot_go_on(const std::string& execution, const Error& error) {
  executor_.services().log.error("An execution cannot go on.",
                                 {{"execution", execution}, {"error", error.what()}});
  const bool passes = error.cause() == ErrorCause::storage && error.code() != "history_damaged" &&
                      error.code() != "execution_not_begun";
  if (passes) retry_later(execution);
}

void Starter::retry_later(const std::string& execution) {
  const execution::Services& services = executor_.services();
  const auto retry = [this, execution] {
    try {
      const auto record = executor_.services().store->find_execution(execution);
      if (record && !record->finished && !executor_.find(execution)) recover(*record);
    } catch (const Error& error) {
      cannot_go_on(execution, error);
    }
  };
  services.timers.at(services.clock.now() + kStorageRetry,
                     [this, retry] { executor_.pool().submit(retry); });
}

std::shared_ptr<execution::ActiveExecution> Starter::take_up(const store::Execution& record) {
  const auto held = let_go(record.id);
  if (!held) return executor_.resume(record, {});
  try {
    return executor_.resume(record, held->hooks);
  } catch (...) {
    dispatcher_.waits(false);
    dispatcher_.finished(held->pass);
    throw;
  }
}

}  // namespace engine::trigger
