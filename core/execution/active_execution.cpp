#include "core/execution/active_execution.h"

#include <algorithm>

#include "core/base/id.h"
#include "core/execution/executor.h"

namespace engine::execution {
namespace {

// What the calling thread does before anything is written.
constexpr std::size_t kQuickItems = 1000;
constexpr Milliseconds kQuickTime{5};

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

}  // namespace engine::execution
