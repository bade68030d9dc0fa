// Ctrl-C and the like.
#pragma once

#include <functional>
#include <memory>

namespace engine::cli {

/// While it lives, SIGINT and SIGTERM call `first` in a thread of its own; a second one ends the
/// process at once with exit code 130. Make it before any other thread: they inherit the blocked
/// signals.
class SignalWatch {
 public:
  explicit SignalWatch(std::function<void()> first);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::cli
