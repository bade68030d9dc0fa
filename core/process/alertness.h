// Whether one stays awake for what comes next, or sleeps until it is there.
#pragma once

#include <chrono>

namespace engine::process {

/// To wake a process takes longer than many a call does. Who is usually answered within moments
/// stays awake for them; who is not sleeps at once, and tries it again from time to time. With one
/// processor nobody stays awake: the other one could not work meanwhile. Used by one thread.
///
///   alertness.begin();
///   while (nothing is there && alertness.stays_awake()) look again;
///   alertness.end(something is there);
class Alertness {
 public:
  explicit Alertness(bool several_processors = on_several_processors());

  /// Whether the wait that begins now is spent awake, for a moment.
  bool begin();
  bool stays_awake() const { return awake_ && std::chrono::steady_clock::now() < until_; }
  void end(bool came);

 private:
  static bool on_several_processors();

  bool possible_;
  bool awake_ = false;  // in this wait
  std::chrono::steady_clock::time_point until_;
  int misses_ = 0;  // waits for nothing since something came in time
  int slept_ = 0;   // waits without trying
};

}  // namespace engine::process
