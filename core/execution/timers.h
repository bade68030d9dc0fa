// Things to do at a point in time: retries, waits, limits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "core/base/time.h"

namespace engine::execution {

/// Port. Thread-safe. Callbacks are short: they post events and return.
class Timers {
 public:
  using Id = std::uint64_t;
  virtual ~Timers() = default;
  virtual Id at(TimePoint due, std::function<void()> callback) = 0;
  /// A callback that has begun is not waited for.
  virtual void cancel(Id id) = 0;
};

/// One thread, begun with the first timer. Follows the clock, jumps included.
class SystemTimers final : public Timers {
 public:
  explicit SystemTimers(const Clock& clock) : clock_(clock) {}
  ~SystemTimers() override;

  Id at(TimePoint due, std::function<void()> callback) override;
  void cancel(Id id) override;

 private:
  void loop();

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<TimePoint, Id>, std::function<void()>> queue_;
  std::unordered_map<Id, TimePoint> due_;
  Id next_ = 1;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace engine::execution
