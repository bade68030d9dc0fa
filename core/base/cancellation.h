// Cancellation: one flag that stops sockets, JavaScript and waits at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "core/base/error.h"
#include "core/base/time.h"

namespace engine {

/// Why something is stopped; decides the error that it ends with.
enum class CancelReason { none, cancelled, timeout };

/// Copies share one state. Thread-safe.
class Cancellation {
 public:
  Cancellation();

  /// The first reason wins; registered callbacks run in the calling thread.
  void cancel(CancelReason reason) const;

  bool requested() const { return reason() != CancelReason::none; }
  CancelReason reason() const;

  /// Throws Error{cancelled} or Error{timeout} once cancelled.
  void check() const;

  /// Waits in real time; false when cancelled first.
  bool wait_for(Milliseconds duration) const;

  /// Runs `callback` on cancel (at once when already cancelled) until the handle is destroyed.
  /// The handle's destructor waits for a callback that is running in another thread.
  class Handle;
  [[nodiscard]] Handle on_cancel(std::function<void()> callback) const;

  /// A cancellation that follows this one and can be cancelled alone.
  Cancellation child() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

class Cancellation::Handle {
 public:
  Handle() = default;
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();

 private:
  friend class Cancellation;
  Handle(std::shared_ptr<State> state, std::uint64_t id);
  void release();

  std::shared_ptr<State> state_;
  std::uint64_t id_ = 0;
};

}  // namespace engine
