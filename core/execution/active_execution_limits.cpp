// Time: timers of waits and retries, limits of nodes and of the whole, and stopping.
#include <algorithm>

#include "core/execution/active_execution.h"

namespace engine::execution {
namespace {

constexpr Milliseconds kGrace{1000};  // for a node to stop by itself when its time is up

Error time_error(const std::string& what, Milliseconds limit) {
  return Error(ErrorCause::timeout, "timeout",
               what + " took longer than its limit of " + format_duration(limit) + ".");
}

}  // namespace

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

void ActiveExecution::start_timer(RunKey key, TimePoint due) {
  timers_[key] = services_.timers.at(due, [weak = weak_from_this(), key] {
    const auto self = weak.lock();
    if (!self) return;
    if (const auto next = self->post(TimerFired{key})) self->submit(*next);
  });
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

}  // namespace engine::execution
