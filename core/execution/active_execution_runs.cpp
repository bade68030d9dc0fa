// One attempt of one node: what it sees, and what is told of it.
#include <algorithm>

#include "core/execution/active_execution.h"
#include "core/execution/executor.h"

namespace engine::execution {

RunEnvironment::WithState ActiveExecution::with_state() {
  return [this](const std::function<void(const State&)>& use) {
    const std::lock_guard lock(mutex_);
    use(state_);
  };
}

RunView ActiveExecution::view_of(RunKey key) const {
  RunView view;
  view.inputs = state_.at(key).inputs;
  view.scope = key.scope;
  view.round = state_.scopes[key.scope].round;
  view.execution_id = launch_.id;
  view.mode = launch_.mode;
  view.resumes = state_.resumes;
  return view;
}

RunOptions ActiveExecution::run_options(RunKey key, int attempt) {
  RunOptions options;
  options.run = run_name(state_, key);
  options.dry_run = launch_.dry_run;
  if (const auto limit = state_.node(key).timeout) {
    options.deadline = services_.clock.now() + *limit;
  }
  options.observer = launch_.hooks.observer;
  options.respond = launch_.hooks.respond;
  options.call_workflow = [this, run = options.run, attempt, key](const std::string& workflow,
                                                                  const Items& items, bool wait,
                                                                  std::size_t item) {
    Cancellation cancellation;
    {
      const std::lock_guard lock(mutex_);
      const auto found = running_.find(key);
      if (found != running_.end()) cancellation = found->second.cancellation;
    }
    const std::string name = run + "#" + std::to_string(attempt) + "." + std::to_string(item);
    return executor_.call(launch_, name, workflow, items, wait, cancellation);
  };
  return options;
}

void ActiveExecution::end_running(RunKey key, int attempt) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(key);
  if (found == running_.end() || found->second.attempt != attempt) return;
  if (found->second.limit != 0) services_.timers.cancel(found->second.limit);
  running_.erase(found);
}

Attempt ActiveExecution::attempt_of(RunKey key) {
  const NodeState& node = state_.at(key);
  Attempt attempt;
  attempt.key = key;
  attempt.node = &state_.node(key);
  attempt.inputs = node.inputs;
  attempt.number = node.attempt;
  attempt.partial = node.partial;
  attempt.view = view_of(key);
  attempt.options = run_options(key, node.attempt);
  return attempt;
}

AttemptResult ActiveExecution::attempt(RunKey key) {
  Attempt attempt;
  store::TicketPtr before;
  Phase phase = Phase::running;
  {
    const std::lock_guard lock(mutex_);
    phase = state_.at(key).phase;
    attempt = attempt_of(key);
    attempt.cancellation = start_running(key, attempt.number).cancellation;
    if (store_ != nullptr && !created_ && !quick(key)) write({}, std::nullopt);
    before = ticket_;
  }
  const NodeKind kind = attempt.node->type->kind;
  AttemptResult result{Event(TimerFired{}), {}};
  try {
    const bool runs = kind == NodeKind::action || kind == NodeKind::trigger;
    const bool effects = runs && !attempt.node->type->description.traits.pure;
    const bool durable =
        launch_.workflow->settings.durability == workflow::Durability::node && before != nullptr;
    // Nothing is told to the outside that depends on what a crash could still undo.
    if (effects && durable) before->wait();
    if (launch_.hooks.observer != nullptr && phase == Phase::running) {
      launch_.hooks.observer->run_started(attempt.options.run, attempt.number,
                                          attempt.inputs[0].items->size());
    }
    if (runs) {
      result = run_attempt(*launch_.workflow, services_, attempt, with_state());
    } else {
      result.event = phase == Phase::looping ? check_round(key) : enter_loop(key);
    }
  } catch (const Error& error) {
    Error located = error;
    located.where.node = attempt.node->id;
    if (!located.where.position.known()) located.where.position = attempt.node->position;
    result.event = RunFailed{key, attempt.number, services_.clock.now(), located, {}, {}};
  } catch (const std::exception& exception) {
    Error error(ErrorCause::bug, "unexpected_exception",
                std::string("The node failed in a way it should not: ") + exception.what());
    error.where.node = attempt.node->id;
    result.event = RunFailed{key, attempt.number, services_.clock.now(), error, {}, {}};
  }
  end_running(key, attempt.number);
  return result;
}

Event ActiveExecution::enter_loop(RunKey key) {
  std::unique_lock lock(mutex_);
  const workflow::WorkflowNode& node = state_.node(key);
  const std::vector<RunInput> inputs = state_.at(key).inputs;
  const RunEnvironment environment(*launch_.workflow, services_, view_of(key), with_state());
  const RunOptions options = run_options(key, state_.at(key).attempt);
  lock.unlock();
  RunContext context(*launch_.workflow, node, services_, inputs, environment, cancellation_,
                     options);
  const auto number = [&](std::string_view name, std::int64_t fallback) {
    if (find_parameter(node.type->description.parameters, name) == nullptr) return std::size_t(0);
    const auto value = context.parameter(name, 0).as_integer().value_or(fallback);
    return static_cast<std::size_t>(std::max<std::int64_t>(1, value));
  };
  return LoopEntered{key, number("batch_size", 1), number("parallel", 1), number("max", 1000)};
}

Event ActiveExecution::check_round(RunKey key) {
  std::unique_lock lock(mutex_);
  const workflow::WorkflowNode& node = state_.node(key);
  const LoopProgress& loop = *state_.at(key).loop;
  RunView view = view_of(key);
  view.round = loop.finished - 1;
  // The condition looks at what the round gave, and sees the nodes around the loop.
  view.inputs = {join_segments(state_, loop.results[view.round])};
  const std::vector<RunInput> inputs = view.inputs;
  const RunOptions options = run_options(key, state_.at(key).attempt);
  lock.unlock();
  const RunEnvironment environment(*launch_.workflow, services_, view, with_state());
  RunContext context(*launch_.workflow, node, services_, inputs, environment, cancellation_,
                     options);
  return RoundChecked{key, context.evaluate("until", 0, {}).truthy()};
}

void ActiveExecution::report(const Event& event) {
  Observer* observer = launch_.hooks.observer;
  if (const auto* failed = std::get_if<RunFailed>(&event)) {
    const std::string name = [&] {
      const std::lock_guard lock(mutex_);
      return run_name(state_, failed->key);
    }();
    services_.log.debug(
        "A node run failed.",
        {{"execution", launch_.id}, {"node", name}, {"error", failed->error.what()}});
    if (observer != nullptr) observer->run_failed(name, failed->error, failed->retry_at);
  }
  const auto* finished = std::get_if<RunFinished>(&event);
  if (finished == nullptr || observer == nullptr) return;
  const std::string name = [&] {
    const std::lock_guard lock(mutex_);
    return run_name(state_, finished->key);
  }();
  if (finished->ready_at) return observer->run_waiting(name, *finished->ready_at);
  std::size_t items = 0;
  for (const Items& output : finished->outputs) items += output.size();
  observer->run_finished(name, items, services_.clock.now() - finished->started);
}

}  // namespace engine::execution
