// The threads that nodes run on.
#pragma once

#include <chrono>
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

  /// Waits until nothing is left to do and nobody works, those that are Blocking not counted. False
  /// when that takes longer than `limit`.
  bool wait_until_quiet(std::chrono::milliseconds limit);

  /// From `begin` to `end` or its destruction a thread does not count: what it waits for may need
  /// one. Thread-safe.
  class Blocking {
   public:
    explicit Blocking(ThreadPool& pool, bool at_once = true) : pool_(pool) {
      if (at_once) begin();
    }
    ~Blocking() { end(); }
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

    /// Does nothing once it has ended.
    void begin();
    /// What is waited for is there: the thread counts again, although it may not have woken up yet.
    void end();

   private:
    enum class State { idle, blocking, ended };
    ThreadPool& pool_;
    std::mutex mutex_;
    State state_ = State::idle;
  };

 private:
  void block();
  void unblock();
  void loop();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::condition_variable quiet_;
  std::size_t idle_ = 0;
  std::size_t working_ = 0;
  std::size_t blocked_ = 0;  // of those that work
  std::size_t most_;
  bool stopping_ = false;
};

}  // namespace engine::execution
