#include "core/credential/single_flight.h"

namespace engine {

SingleFlight::Turn SingleFlight::enter(const std::string& name, const Cancellation& cancellation) {
  const auto wake = cancellation.on_cancel([this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return busy_.count(name) == 0 || cancellation.requested(); });
    if (!cancellation.requested()) busy_.insert(name);
  }
  cancellation.check();
  return Turn(*this, name);
}

void SingleFlight::leave(const std::string& name) {
  const std::lock_guard lock(mutex_);
  busy_.erase(name);
  changed_.notify_all();
}

}  // namespace engine
