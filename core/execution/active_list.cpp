#include "core/execution/active_list.h"

#include "core/execution/active_execution.h"

namespace engine::execution {
namespace {

constexpr Milliseconds kCancelPoll{500};

}  // namespace

void ActiveList::add(const std::string& id, const std::shared_ptr<ActiveExecution>& execution) {
  const std::lock_guard lock(mutex_);
  executions_.insert_or_assign(id, execution);
  if (!asking_ && services_.store != nullptr && services_.owner != 0) ask_later();
}

void ActiveList::remove(const std::string& id) {
  std::shared_ptr<ActiveExecution> last;  // is let go of without the lock
  const std::lock_guard lock(mutex_);
  const auto found = executions_.find(id);
  if (found == executions_.end()) return;
  last = std::move(found->second);
  executions_.erase(found);
}

std::shared_ptr<ActiveExecution> ActiveList::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = executions_.find(id);
  return found == executions_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<ActiveExecution>> ActiveList::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<ActiveExecution>> all;
  for (const auto& [id, execution] : executions_) all.push_back(execution);
  return all;
}

void ActiveList::close() {
  const std::lock_guard lock(closing_);
  closed_ = true;
}

void ActiveList::ask_later() {
  asking_ = true;
  services_.timers.at(services_.clock.now() + kCancelPoll, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->ask();
  });
}

void ActiveList::ask() {
  {
    const std::lock_guard lock(mutex_);
    asking_ = !executions_.empty();
    if (!asking_) return;
  }
  std::vector<std::string> ids;
  {
    const std::lock_guard lock(closing_);
    if (closed_) return;
    try {
      ids = services_.store->cancel_requests(services_.owner);
    } catch (const Error& error) {
      services_.log.warn("Cannot look for requests to cancel.", {{"error", error.what()}});
    }
    for (const std::string& id : ids) {
      if (const auto execution = find(id)) execution->cancel(CancelReason::cancelled);
    }
    const std::lock_guard list(mutex_);
    ask_later();
  }
}

}  // namespace engine::execution
