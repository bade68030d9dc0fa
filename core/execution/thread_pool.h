// The threads that nodes run on.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace engine::execution {

/// Begins a thread when work comes and none is idle, up to `most`. Thread-safe.
class ThreadPool {
 public:
  explicit ThreadPool(std::size_t most) : most_(most) {}
  /// Finishes what was submitted.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void submit(std::function<void()> work);

  /// While it lives, its thread does not count: what it waits for may need one.
  class Blocking {
   public:
    explicit Blocking(ThreadPool& pool) : pool_(pool) { pool_.change_most(1); }
    ~Blocking() { pool_.change_most(-1); }
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

   private:
    ThreadPool& pool_;
  };

 private:
  void change_most(int by);
  void loop();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  std::size_t most_;
  bool stopping_ = false;
};

}  // namespace engine::execution
