// Time that only passes when there is nothing else to do, and then at once.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "core/base/time.h"
#include "core/execution/timers.h"

namespace engine::flow_test {

/// Clock and timers of one case. Thread-safe; callbacks run in the thread that lets time pass.
class VirtualTime final : public Clock, public execution::Timers {
 public:
  explicit VirtualTime(TimePoint start) : now_(start) {}

  TimePoint now() const override;
  Id at(TimePoint due, std::function<void()> callback) override;
  void cancel(Id id) override;

  /// Goes on to the next timer and fires it. False when none is due, ever.
  bool fire_next();
  /// Goes on to then, and fires what is due on the way. Time never goes back.
  void pass_until(TimePoint then);

 private:
  std::optional<std::function<void()>> take_next(TimePoint until);

  mutable std::mutex mutex_;
  TimePoint now_;
  Id next_ = 1;
  std::map<std::pair<TimePoint, Id>, std::function<void()>> queue_;
};

}  // namespace engine::flow_test
