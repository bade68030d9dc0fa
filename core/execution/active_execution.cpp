#include "core/execution/active_execution.h"

#include <algorithm>

#include "core/base/id.h"
#include "core/execution/executor.h"
#include "core/execution/history.h"
#include "core/value/json.h"

namespace engine::execution {
namespace {

constexpr Milliseconds kGrace{1000};      // for a node to stop by itself when its time is up
constexpr Milliseconds kShortWait{1000};  // shorter waits do not show as a status of their own
// What the calling thread does before anything is written.
constexpr std::size_t kQuickItems = 1000;
constexpr Milliseconds kQuickTime{5};

store::Status status_of(const State& state) {
  if (state.outcome == Outcome::failed && state.error &&
      state.error->cause() == ErrorCause::crashed) {
    return store::Status::crashed;
  }
  switch (state.outcome) {
    case Outcome::success: return store::Status::success;
    case Outcome::cancelled: return store::Status::cancelled;
    case Outcome::failed: return store::Status::failed;
    case Outcome::unfinished: break;
  }
  return store::Status::running;
}

// When the first of the waiting nodes goes on.
std::optional<TimePoint> next_due(const State& state) {
  std::optional<TimePoint> due;
  for (const Scope& scope : state.scopes) {
    for (const NodeState& node : scope.nodes) {
      const bool waits = node.phase == Phase::waiting || node.phase == Phase::retrying;
      if (waits && (!due || *node.due < *due)) due = node.due;
    }
  }
  return due;
}

Error time_error(const std::string& what, Milliseconds limit) {
  return Error(ErrorCause::timeout, "timeout",
               what + " took longer than its limit of " + format_duration(limit) + ".");
}

}  // namespace

ActiveExecution::ActiveExecution(Executor& executor, Launch launch)
    : executor_(executor),
      launch_(std::move(launch)),
      services_(executor.services()),
      store_(launch_.save && launch_.workflow->settings.durability != workflow::Durability::none
                 ? services_.store
                 : nullptr) {
  if (launch_.id.empty()) launch_.id = make_id(services_.clock, services_.random);
  record_.id = launch_.id;
  record_.workflow = launch_.workflow->name;
  record_.workflow_hash = launch_.workflow->hash;
  record_.mode = launch_.mode;
  record_.created = services_.clock.now();
  record_.parent = launch_.parent;
  record_.parent_run = launch_.parent_run;
  record_.retry_of = launch_.retry_of;
  record_.owner = services_.owner;
}

void ActiveExecution::create() {
  if (store_ != nullptr) write({}, std::nullopt);
}

void ActiveExecution::copy_event(const State& state, const Event& event) {
  if (store_ == nullptr) return;
  record(state, event);
  write({}, std::nullopt);
}

void ActiveExecution::begin(Started start) {
  if (launch_.stored) {
    created_ = true;
    sequence_ = 1;
    std::optional<RunKey> key;
    {
      const std::lock_guard lock(mutex_);
      const std::vector<Command> commands = advance(*launch_.workflow, state_, std::move(start));
      watch_time();
      std::optional<store::Execution> changed = changed_record();
      if (changed && store_ != nullptr) write({}, std::move(changed));
      key = carry_out(commands);
    }
    if (key) submit(*key);
    return;
  }
  if (!launch_.quick) create();
  const auto key = post(std::move(start));
  if (launch_.quick) return run_quick(key);
  if (key) submit(*key);
}

// A node that takes little time: few items, nothing of the outside, and no script that may run for
// long.
bool ActiveExecution::quick(RunKey key) const {
  const NodeType& type = *state_.node(key).type;
  if (type.kind != NodeKind::action || !type.description.traits.pure) return false;
  std::size_t items = 0;
  for (const RunInput& input : state_.at(key).inputs) items += input.items->size();
  const auto& parameters = type.description.parameters;
  return items <= kQuickItems &&
         std::none_of(parameters.begin(), parameters.end(),
                      [](const Parameter& parameter) { return !parameter.language.empty(); });
}

void ActiveExecution::run_quick(std::optional<RunKey> next) {
  const TimePoint begin = services_.clock.now();
  while (next && services_.clock.now() - begin < kQuickTime) {
    {
      const std::lock_guard lock(mutex_);
      if (done_ || !quick(*next)) break;
    }
    AttemptResult result = attempt(*next);
    report(result.event);
    next = post(std::move(result.event), std::move(result.memory));
  }
  if (!next) return;
  {
    const std::lock_guard lock(mutex_);
    if (store_ != nullptr && !created_) write({}, std::nullopt);
  }
  submit(*next);
}

// Takes over what was stored, and ends it when it was being stopped: of that nothing runs any more.
void ActiveExecution::adopt(State state, std::uint32_t sequence, const store::Execution* record) {
  state_ = std::move(state);
  sequence_ = sequence;
  created_ = true;
  if (record != nullptr) {
    record_ = *record;
    record_.owner = services_.owner;
  }
  if (state_.outcome == Outcome::unfinished) {
    if (!state_.stopping) return;
    state_.running = 0;
    state_.outcome = state_.stopped_as;
  }
  if (store_ != nullptr) ticket_ = store_->append(launch_.id, {}, {}, changed_record());
}

void ActiveExecution::resume(State state, std::uint32_t sequence, const store::Execution* record) {
  std::optional<RunKey> key;
  {
    const std::lock_guard lock(mutex_);
    adopt(std::move(state), sequence, record);
    const std::vector<Command> commands = outstanding(state_);
    watch_time();
    key = carry_out(commands);
  }
  if (key) submit(*key);
}

void ActiveExecution::cancel(CancelReason reason) {
  Error error(ErrorCause::cancelled, "cancelled", "The execution was cancelled.");
  if (reason == CancelReason::timeout) {
    error =
        time_error("The execution", launch_.workflow->settings.timeout.value_or(Milliseconds(0)));
  }
  error.where.workflow = launch_.workflow->name;
  const Outcome as = reason == CancelReason::timeout ? Outcome::failed : Outcome::cancelled;
  if (const auto key = post(StopRequested{as, error})) submit(*key);
}

bool ActiveExecution::wake(std::size_t resumes, const Value& with) {
  std::optional<RunKey> next;
  store::TicketPtr written;
  {
    const std::lock_guard lock(mutex_);
    if (done_ || state_.resumes != resumes) return false;
    const std::optional<RunKey> waiting = find_resumable(state_);
    if (!waiting) return false;
    const auto timer = timers_.find(*waiting);
    if (timer != timers_.end()) services_.timers.cancel(timer->second);
    next = post(TimerFired{*waiting, with});
    written = ticket_;
  }
  if (next) submit(*next);
  if (written) written->wait();
  return true;
}

void ActiveExecution::fail_crashed(State state, std::uint32_t sequence,
                                   const store::Execution& record) {
  const std::lock_guard lock(mutex_);
  adopt(std::move(state), sequence, &record);
  if (state_.outcome != Outcome::unfinished) return end();
  state_.running = state_.timers;  // of what was in flight nothing runs any more
  Error error(ErrorCause::crashed, "crashed",
              "The process that ran this execution ended before the execution did.");
  error.where.workflow = launch_.workflow->name;
  post(StopRequested{Outcome::failed, error});
}

void ActiveExecution::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return done_; });
  if (storage_error_) throw Error(*storage_error_);
}

bool ActiveExecution::wait_for(Milliseconds limit) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, limit, [this] { return done_; });
}

bool ActiveExecution::waits() const {
  const std::lock_guard lock(mutex_);
  return record_.status == store::Status::waiting;
}

store::TicketPtr ActiveExecution::start_ticket() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

bool ActiveExecution::ended() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

// ---------------------------------------------------------------- events

std::optional<RunKey> ActiveExecution::post(Event event, std::vector<store::NodeMemory> memory) {
  const std::lock_guard lock(mutex_);
  // Ended, perhaps not yet durably: whatever comes now is too late.
  if (done_ || state_.outcome != Outcome::unfinished) return std::nullopt;
  try {
    return carry_out(absorb(std::move(event), std::move(memory)));
  } catch (const Error& error) {
    storage_failed(error);
  } catch (const std::exception& exception) {
    storage_failed(Error(ErrorCause::bug, "unexpected_exception",
                         std::string("The execution cannot go on: ") + exception.what()));
  }
  return std::nullopt;
}

std::vector<Command> ActiveExecution::absorb(Event event, std::vector<store::NodeMemory> memory) {
  if (!state_.scopes.empty() && !applies(state_, event)) return {};
  record(state_, event);
  std::vector<Command> commands = advance(*launch_.workflow, state_, std::move(event));
  watch_time();
  if (store_ == nullptr) return commands;
  std::optional<store::Execution> changed = changed_record();
  if (changed || !holds_back(!memory.empty())) write(std::move(memory), std::move(changed));
  return commands;
}

// Whether events may stay in memory: with `durability: execution` until the end, and at first those
// of quick nodes, which nothing outside depends on.
bool ActiveExecution::holds_back(bool remembers) const {
  if (remembers || state_.outcome != Outcome::unfinished) return false;
  if (!created_) return launch_.quick && state_.timers == 0;
  return launch_.workflow->settings.durability == workflow::Durability::execution;
}

// Sends off what is buffered; the first write makes the row.
void ActiveExecution::write(std::vector<store::NodeMemory> memory,
                            std::optional<store::Execution> changed) {
  std::vector<store::Event> events = std::exchange(buffer_, {});
  if (!created_) {
    created_ = true;
    const workflow::Workflow& w = *launch_.workflow;
    ticket_ = first_ =
        store_->create_execution(record_, {w.hash, w.name, w.file, w.text}, std::move(events));
    if (memory.empty()) return;
    events.clear();
    changed.reset();
  }
  ticket_ = store_->append(launch_.id, std::move(events), std::move(memory), std::move(changed));
}

// Encodes the event before the state moves on; absorb() sends it off.
void ActiveExecution::record(const State& state, const Event& event) {
  if (store_ == nullptr) return;
  const std::uint32_t sequence = ++sequence_;
  std::uint32_t piece = 0;
  StoredEvent stored = encode_event(state, event, [&](std::string&& data) {
    if (!created_) write({}, std::nullopt);
    store_->append_piece(launch_.id, sequence, piece++, std::move(data));
  });
  buffer_.push_back(
      {sequence, services_.clock.now(), std::move(stored.kind), std::move(stored.data)});
}

// The execution's row, when something in it has changed.
std::optional<store::Execution> ActiveExecution::changed_record() {
  store::Execution next = record_;
  next.status = status_of(state_);
  next.due.reset();
  if (state_.outcome == Outcome::unfinished) {
    const bool idle = state_.timers > 0 && state_.timers == state_.running;
    if (idle) next.due = next_due(state_);
    if (idle && *next.due > services_.clock.now() + kShortWait) {
      next.status = store::Status::waiting;
    } else {
      next.due.reset();
    }
  } else {
    next.finished = services_.clock.now();
    if (state_.error) next.error = print_json(error_json(*state_.error));
  }
  if (next.status == record_.status && next.due == record_.due) return std::nullopt;
  const bool waits = next.status == store::Status::waiting;
  if (launch_.hooks.on_wait && waits != (record_.status == store::Status::waiting)) {
    launch_.hooks.on_wait(waits);
  }
  record_ = next;
  return next;
}

// ---------------------------------------------------------------- commands

// Gives one node for the calling thread to go on with.
std::optional<RunKey> ActiveExecution::carry_out(const std::vector<Command>& commands) {
  std::optional<RunKey> own;
  const auto run = [&](RunKey key) {
    if (own) {
      submit(key);
    } else {
      own = key;
    }
  };
  for (const Command& command : commands) {
    if (const auto* node = std::get_if<RunNode>(&command)) {
      run(node->key);
    } else if (const auto* loop = std::get_if<EnterLoop>(&command)) {
      run(loop->key);
    } else if (const auto* round = std::get_if<CheckRound>(&command)) {
      run(round->key);
    } else if (const auto* timer = std::get_if<StartTimer>(&command)) {
      start_timer(timer->key, timer->due);
    } else if (const auto* scope = std::get_if<CancelScope>(&command)) {
      for (const auto& [key, running] : running_) {
        if (key.scope >= scope->scope && state_.scopes[key.scope].failed) {
          running.cancellation.cancel(CancelReason::cancelled);
        }
      }
    } else if (std::holds_alternative<CancelAll>(command)) {
      cancellation_.cancel(CancelReason::cancelled);
    } else {
      end();
    }
  }
  return own;
}

void ActiveExecution::submit(RunKey key) {
  executor_.pool().submit([self = shared_from_this(), key] { self->work(key); });
}

void ActiveExecution::work(RunKey key) {
  for (std::optional<RunKey> next = key; next;) {
    AttemptResult result = attempt(*next);
    report(result.event);
    next = post(std::move(result.event), std::move(result.memory));
  }
}

void ActiveExecution::start_timer(RunKey key, TimePoint due) {
  timers_[key] = services_.timers.at(due, [weak = weak_from_this(), key] {
    const auto self = weak.lock();
    if (!self) return;
    if (const auto next = self->post(TimerFired{key})) self->submit(*next);
  });
}

// ---------------------------------------------------------------- node runs

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

ActiveExecution::Running& ActiveExecution::start_running(RunKey key, int attempt) {
  Running& running = running_[key];
  running.attempt = attempt;
  running.cancellation = cancellation_.child();
  // Its round may have failed before a thread was free for it.
  if (state_.scopes[key.scope].failed) running.cancellation.cancel(CancelReason::cancelled);
  const auto limit = state_.node(key).timeout;
  if (!limit) return running;
  running.limit = services_.timers.at(
      services_.clock.now() + *limit,
      [weak = weak_from_this(), cancellation = running.cancellation, key, attempt] {
        cancellation.cancel(CancelReason::timeout);
        const auto self = weak.lock();
        if (!self) return;
        self->services_.timers.at(self->services_.clock.now() + kGrace, [weak, key, attempt] {
          if (const auto still = weak.lock()) still->give_up(key, attempt);
        });
      });
  return running;
}

// The attempt did not listen. Its thread is left behind; what it may still report comes too late.
void ActiveExecution::give_up(RunKey key, int number) {
  Attempt attempt;
  {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(key);
    if (found == running_.end() || found->second.attempt != number) return;
    attempt = attempt_of(key);
    attempt.cancellation = found->second.cancellation;
    running_.erase(found);
  }
  const Event event = fail_attempt(*launch_.workflow, services_, attempt, with_state(),
                                   time_error("The node", *attempt.node->timeout));
  report(event);
  if (const auto next = post(event)) submit(*next);
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

// ---------------------------------------------------------------- time

// Counts the time in which something runs; waits and pauses between retries are free.
void ActiveExecution::watch_time() {
  const auto limit = launch_.workflow->settings.timeout;
  if (!limit) return;
  const bool busy = state_.running > state_.timers && state_.outcome == Outcome::unfinished;
  if (busy == time_since_.has_value()) return;
  const TimePoint now = services_.clock.now();
  if (!busy) {
    time_used_ += now - *time_since_;
    time_since_.reset();
    services_.timers.cancel(time_limit_);
    return;
  }
  time_since_ = now;
  time_limit_ = services_.timers.at(now + std::max(Milliseconds(0), *limit - time_used_),
                                    [weak = weak_from_this()] {
                                      if (const auto self = weak.lock()) {
                                        self->cancel(CancelReason::timeout);
                                      }
                                    });
}

// ---------------------------------------------------------------- the end

void ActiveExecution::storage_failed(const Error& error) {
  storage_error_ = error;
  state_.stopping = true;
  state_.outcome = Outcome::failed;
  state_.error = error;
  cancellation_.cancel(CancelReason::cancelled);
  store_ = nullptr;
  end();
}

void ActiveExecution::end() {
  for (const auto& [key, timer] : timers_) services_.timers.cancel(timer);
  if (time_limit_ != 0) services_.timers.cancel(time_limit_);
  if (!ticket_ || storage_error_) return stored_end(nullptr);
  // It counts as ended when that is durable.
  ticket_->then([self = shared_from_this()](const std::exception_ptr& failure) {
    self->stored_end(failure);
  });
}

void ActiveExecution::stored_end(const std::exception_ptr& failure) {
  const std::lock_guard lock(mutex_);
  if (failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      storage_error_ = error;
    } catch (const std::exception& exception) {
      storage_error_ = Error(ErrorCause::storage, "database_failed", exception.what());
    }
    state_.outcome = Outcome::failed;
    state_.error = storage_error_;
  }
  const bool handled = state_.outcome == Outcome::failed && !storage_error_ &&
                       !launch_.workflow->settings.error_workflow.empty();
  if (!handled) return mark_done();
  executor_.pool().submit([self = shared_from_this()] {
    self->executor_.run_error_workflow(*self, self->launch_);
    self->mark_done();
  });
}

void ActiveExecution::mark_done() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
    ended_.notify_all();
  }
  executor_.forget(launch_.id);
  if (services_.ended) services_.ended(*this);
  if (launch_.hooks.on_end) launch_.hooks.on_end(*this);
}

}  // namespace engine::execution
