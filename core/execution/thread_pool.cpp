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

void ThreadPool::change_most(int by) {
  const std::lock_guard lock(mutex_);
  most_ = by > 0 ? most_ + 1 : most_ - 1;
  if (idle_ < queue_.size() && threads_.size() < most_ && !stopping_) {
    threads_.emplace_back([this] { loop(); });
  }
}

void ThreadPool::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    const std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace engine::execution
