#include "core/base/cancellation.h"

#include <atomic>
#include <utility>

namespace engine {

struct Cancellation::State {
  std::atomic<CancelReason> reason{CancelReason::none};
  std::mutex mutex;
  std::condition_variable changed;
  // Held while callbacks run, so that a handle's destructor can wait for them. Recursive: a
  // callback may release its own handle.
  std::recursive_mutex running;
  std::map<std::uint64_t, std::function<void()>> callbacks;
  std::uint64_t next_id = 1;
  Handle parent;
};

Cancellation::Cancellation() : state_(std::make_shared<State>()) {}

CancelReason Cancellation::reason() const {
  return state_->reason.load();
}

void Cancellation::cancel(CancelReason reason) const {
  if (reason == CancelReason::none) return;
  const std::lock_guard running(state_->running);
  std::map<std::uint64_t, std::function<void()>> callbacks;
  {
    const std::lock_guard lock(state_->mutex);
    CancelReason expected = CancelReason::none;
    if (!state_->reason.compare_exchange_strong(expected, reason)) return;
    callbacks.swap(state_->callbacks);
  }
  state_->changed.notify_all();
  for (const auto& [id, callback] : callbacks) callback();
}

void Cancellation::check() const {
  switch (reason()) {
    case CancelReason::none: return;
    case CancelReason::cancelled:
      throw Error(ErrorCause::cancelled, "cancelled", "Cancelled before it finished.");
    case CancelReason::timeout:
      throw Error(ErrorCause::timeout, "timeout", "Stopped because its time limit was reached.");
  }
}

bool Cancellation::wait_for(Milliseconds duration) const {
  std::unique_lock lock(state_->mutex);
  return !state_->changed.wait_for(lock, duration, [this] { return requested(); });
}

Cancellation::Handle Cancellation::on_cancel(std::function<void()> callback) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (!requested()) {
      const std::uint64_t id = state_->next_id++;
      state_->callbacks.emplace(id, std::move(callback));
      return Handle(state_, id);
    }
  }
  callback();
  return {};
}

Cancellation Cancellation::child() const {
  Cancellation result;
  const std::weak_ptr<State> weak = result.state_;
  result.state_->parent = on_cancel([weak, parent = std::weak_ptr<State>(state_)] {
    const auto child = weak.lock();
    const auto from = parent.lock();
    if (!child || !from) return;
    Cancellation handle;
    handle.state_ = child;
    handle.cancel(from->reason.load());
  });
  return result;
}

Cancellation::Handle::Handle(std::shared_ptr<State> state, std::uint64_t id)
    : state_(std::move(state)), id_(id) {}

Cancellation::Handle::Handle(Handle&& other) noexcept
    : state_(std::move(other.state_)), id_(other.id_) {}

Cancellation::Handle& Cancellation::Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    release();
    state_ = std::move(other.state_);
    id_ = other.id_;
  }
  return *this;
}

Cancellation::Handle::~Handle() {
  release();
}

void Cancellation::Handle::release() {
  if (!state_) return;
  const auto state = std::move(state_);
  // Taken out first and destroyed without the lock: what it captured may release a handle as well.
  decltype(state->callbacks)::node_type callback;
  {
    const std::lock_guard lock(state->mutex);
    callback = state->callbacks.extract(id_);
  }
  if (callback) return;
  // Already taken by cancel(): wait until its callbacks are through.
  const std::lock_guard running(state->running);
}

}  // namespace engine
