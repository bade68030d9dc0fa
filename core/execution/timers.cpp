#include "core/execution/timers.h"

#include <algorithm>
#include <utility>

namespace engine::execution {

SystemTimers::~SystemTimers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Timers::Id SystemTimers::at(TimePoint due, std::function<void()> callback) {
  Id id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = next_++;
    queue_.emplace(std::pair(due, id), std::move(callback));
    due_.emplace(id, due);
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  }
  changed_.notify_all();
  return id;
}

void SystemTimers::cancel(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = due_.find(id);
  if (found == due_.end()) return;
  queue_.erase({found->second, id});
  due_.erase(found);
}

void SystemTimers::loop() {
  // Looking at the clock at least this often lets a clock that was set forward fire what is due.
  constexpr Milliseconds kLongestSleep{1000};
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const TimePoint due = queue_.begin()->first.first;
    const TimePoint now = clock_.now();
    if (due > now) {
      changed_.wait_for(lock, std::min<Milliseconds>(due - now, kLongestSleep));
      continue;
    }
    auto entry = queue_.extract(queue_.begin());
    due_.erase(entry.key().second);
    lock.unlock();
    entry.mapped()();
    lock.lock();
  }
}

}  // namespace engine::execution
