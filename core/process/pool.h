// Child processes kept warm for the next call.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/process/child.h"

namespace engine::process {

struct PoolOptions {
  ChildOptions child;
  std::size_t most = 4;            ///< at once; further calls wait for one of them
  std::size_t least = 1;           ///< kept although idle, once there was work
  Milliseconds idle{60'000};       ///< after which the others are ended
  std::uint64_t retire_bytes = 0;  ///< one that uses more after a call is not used again; 0: none
};

/// Begins a thread of its own, the first time it is needed: children live as long as the thread
/// that started them. Thread-safe. No call may be under way when it is destroyed.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  /// Kills all children.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Has a child started, unless there is one; does not wait until it is ready. Whatever the caller
  /// loads next would hold up the start.
  void warm();

  /// Child::call by a child that is free, started or waited for. Throws also Error{storage,
  /// "process_not_started"}, and the cancellation's error while waiting.
  std::string call(std::string_view request, const Callbacks& callbacks, const Limits& limits,
                   const Cancellation& cancellation);

  /// Children that are there, busy or not.
  std::size_t size() const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Idle {
    std::unique_ptr<Child> child;
    Steady::time_point since;
  };

  std::unique_ptr<Child> acquire(const Cancellation& cancellation);
  void release(std::unique_ptr<Child> child);
  std::unique_ptr<Child> take_idle();
  void need_one();
  void keep();
  void start_one(std::unique_lock<std::mutex>& lock);
  void end_some(std::unique_lock<std::mutex>& lock);

  const PoolOptions options_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable freed_;
  std::condition_variable work_;
  std::vector<Idle> idle_;                      // the one used last at the end
  std::vector<std::unique_ptr<Child>> ending_;  // ended by the keeper: that takes a while
  std::size_t count_ = 0;                       // children without those that are ending
  std::size_t starting_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t failures_ = 0;
  std::string failure_;
  bool sleeps_ = false;  // the keeper, until somebody has work for it
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace engine::process
