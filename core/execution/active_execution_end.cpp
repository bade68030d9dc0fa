// How an execution ends: durably, then told to those who wait.
#include "core/execution/active_execution.h"
#include "core/execution/executor.h"

namespace engine::execution {

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
