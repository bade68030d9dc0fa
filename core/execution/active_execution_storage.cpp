// What an execution writes down: its row, its events, and when.
#include <algorithm>

#include "core/execution/active_execution.h"
#include "core/execution/history.h"
#include "core/value/json.h"

namespace engine::execution {
namespace {

constexpr Milliseconds kShortWait{1000};  // shorter waits do not show as a status of their own

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

}  // namespace

void ActiveExecution::create() {
  if (store_ != nullptr) write({}, std::nullopt);
}

void ActiveExecution::copy_event(const State& state, const Event& event) {
  if (store_ == nullptr) return;
  record(state, event);
  write({}, std::nullopt);
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

}  // namespace engine::execution
