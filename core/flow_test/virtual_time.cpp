#include "core/flow_test/virtual_time.h"

#include <algorithm>
#include <utility>

namespace engine::flow_test {

TimePoint VirtualTime::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

VirtualTime::Id VirtualTime::at(TimePoint due, std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  const Id id = next_++;
  queue_.emplace(std::pair(due, id), std::move(callback));
  return id;
}

void VirtualTime::cancel(Id id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [id](const auto& entry) { return entry.first.second == id; });
}

bool VirtualTime::fire_next() {
  // The end of time is what waits for a call, not for a moment.
  const auto callback = take_next(TimePoint::max() - Milliseconds(1));
  if (callback) (*callback)();
  return callback.has_value();
}

void VirtualTime::pass_until(TimePoint then) {
  while (const auto callback = take_next(then)) (*callback)();
  const std::lock_guard lock(mutex_);
  now_ = std::max(now_, then);
}

std::optional<std::function<void()>> VirtualTime::take_next(TimePoint until) {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || queue_.begin()->first.first > until) return std::nullopt;
  auto entry = queue_.extract(queue_.begin());
  now_ = std::max(now_, entry.key().first);
  return std::move(entry.mapped());
}

}  // namespace engine::flow_test
