#include "core/execution/thread_pool.h"

#include <utility>

namespace engine::execution {

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  // Work may still begin threads until the queue is empty, so the list is read anew each time.
  for (std::size_t i = 0;; ++i) {
    std::unique_lock lock(mutex_);
    if (i == threads_.size()) return;
    std::thread thread = std::move(threads_[i]);
    lock.unlock();
    thread.join();
  }
}

void ThreadPool::submit(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  if (idle_ < queue_.size() && threads_.size() < most_) {
    threads_.emplace_back([this] { loop(); });
  }
  // With the mutex held: once the work is done, the pool may be gone.
  work_.notify_one();
}

void ThreadPool::block() {
  const std::lock_guard lock(mutex_);
  ++most_;
  ++blocked_;
  if (idle_ < queue_.size() && threads_.size() < most_ && !stopping_) {
    threads_.emplace_back([this] { loop(); });
  }
  quiet_.notify_all();
}

void ThreadPool::unblock() {
  const std::lock_guard lock(mutex_);
  --most_;
  --blocked_;
}

void ThreadPool::Blocking::begin() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::idle) return;
  state_ = State::blocking;
  pool_.block();
}

void ThreadPool::Blocking::end() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::blocking) pool_.unblock();
  state_ = State::ended;
}

bool ThreadPool::wait_until_quiet(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return quiet_.wait_for(lock, limit, [this] { return queue_.empty() && working_ == blocked_; });
}

void ThreadPool::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    ++working_;
    lock.unlock();
    work();
    work = nullptr;  // what it holds may come back to the pool when it goes
    lock.lock();
    --working_;
    quiet_.notify_all();
  }
}

}  // namespace engine::execution
