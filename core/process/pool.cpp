#include "core/process/pool.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace engine::process {

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (keeper_.joinable()) keeper_.join();
}

std::size_t Pool::size() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void Pool::warm() {
  std::unique_lock lock(mutex_);
  if (count_ == 0) need_one();
  freed_.wait(lock, [this] { return starting_ == 0; });
}

// Requires the mutex. The keeper starts it.
void Pool::need_one() {
  ++count_;
  ++starting_;
  if (!keeper_.joinable()) keeper_ = std::thread([this] { keep(); });
  work_.notify_all();
}

// ---------------------------------------------------------------- calls

std::string Pool::call(std::string_view request, const Callbacks& callbacks, const Limits& limits,
                       const Cancellation& cancellation) {
  std::unique_ptr<Child> child = acquire(cancellation);
  struct Return {
    Pool& pool;
    std::unique_ptr<Child>& child;
    ~Return() { pool.release(std::move(child)); }
  } const give_back{*this, child};
  return child->call(request, callbacks, limits, cancellation);
}

// Requires the mutex. Children that ended while nobody looked are put aside.
std::unique_ptr<Child> Pool::take_idle() {
  while (!idle_.empty()) {
    std::unique_ptr<Child> child = std::move(idle_.back().child);
    idle_.pop_back();
    if (child->usable()) return child;
    --count_;
    ending_.push_back(std::move(child));
    work_.notify_all();
  }
  return nullptr;
}

std::unique_ptr<Child> Pool::acquire(const Cancellation& cancellation) {
  cancellation.check();
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ == 0) {
      if (auto child = take_idle()) return child;
    }
  }
  const auto wake = cancellation.on_cancel([this] {
    const std::lock_guard lock(mutex_);
    freed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const std::uint64_t failures = failures_;
  ++waiting_;
  struct Leave {
    std::size_t& waiting;
    ~Leave() { --waiting; }
  } const leave{waiting_};
  while (!cancellation.requested()) {
    if (auto child = take_idle()) return child;
    if (failures_ != failures) {
      throw Error(ErrorCause::storage, "process_not_started", failure_);
    }
    if (starting_ < waiting_ && count_ < options_.most) need_one();
    freed_.wait(lock);
  }
  cancellation.check();
  return nullptr;
}

void Pool::release(std::unique_ptr<Child> child) {
  const bool good = child->whole() && (options_.retire_bytes == 0 ||
                                       child->recent_memory_bytes() <= options_.retire_bytes);
  const std::lock_guard lock(mutex_);
  if (good) {
    idle_.push_back({std::move(child), Steady::now()});
  } else {
    ending_.push_back(std::move(child));
    --count_;
    // The next call finds one warm again.
    if (count_ < std::min(options_.least, options_.most)) need_one();
  }
  freed_.notify_all();
  // Not after every call: to wake it takes as long as a short one.
  if (!good || (sleeps_ && count_ > options_.least)) work_.notify_all();
}

// ---------------------------------------------------------------- the keeper's thread

void Pool::keep() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (starting_ > 0) {
      start_one(lock);
      continue;
    }
    end_some(lock);
    if (stopping_ || starting_ > 0) continue;
    if (!idle_.empty() && count_ > options_.least) {
      work_.wait_until(lock, idle_.front().since + options_.idle);
    } else {
      sleeps_ = true;
      work_.wait(lock);
      sleeps_ = false;
    }
  }
  // Their destructors kill them; this thread is their parent until then.
  idle_.clear();
  ending_.clear();
}

void Pool::start_one(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  std::unique_ptr<Child> child;
  std::string failure;
  try {
    child = std::make_unique<Child>(options_.child);
  } catch (const std::exception& error) {
    failure = error.what();
  }
  lock.lock();
  --starting_;
  if (child) {
    idle_.push_back({std::move(child), Steady::now()});
    freed_.notify_all();
  } else {
    --count_;
    ++failures_;
    failure_ = std::move(failure);
    freed_.notify_all();
  }
}

// Those that are broken, and those that were idle for too long.
void Pool::end_some(std::unique_lock<std::mutex>& lock) {
  const auto now = Steady::now();
  while (!idle_.empty() && count_ > options_.least && idle_.front().since + options_.idle <= now) {
    ending_.push_back(std::move(idle_.front().child));
    idle_.erase(idle_.begin());
    --count_;
  }
  auto gone = std::exchange(ending_, {});
  lock.unlock();
  gone.clear();
  lock.lock();
}

}  // namespace engine::process
