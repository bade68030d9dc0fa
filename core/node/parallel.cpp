#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/node/node.h"

namespace engine {
namespace {

constexpr std::size_t kMostThreads = 256;

// The workers of one call. The error of the lowest index is kept, so that what a user sees does not
// depend on which of two failing items was faster.
class Crew {
 public:
  Crew(std::size_t count, const Cancellation& cancellation,
       const std::function<void(std::size_t)>& work)
      : count_(count), cancellation_(cancellation), work_(work) {}

  void take_part() {
    while (!stopped_.load(std::memory_order_relaxed)) {
      const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_) return;
      try {
        cancellation_.check();
        work_(index);
      } catch (...) {
        keep(index, std::current_exception());
      }
    }
  }

  void rethrow() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void keep(std::size_t index, std::exception_ptr error) {
    stopped_.store(true, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    if (error_ && index > failed_) return;
    error_ = std::move(error);
    failed_ = index;
  }

  const std::size_t count_;
  const Cancellation& cancellation_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
  std::size_t failed_ = 0;
};

}  // namespace

void for_each_parallel(std::size_t count, std::size_t parallel, const Cancellation& cancellation,
                       const std::function<void(std::size_t)>& work) {
  Crew crew(count, cancellation, work);
  std::vector<std::thread> helpers;
  const std::size_t wanted = std::min({std::max<std::size_t>(parallel, 1), count, kMostThreads});
  try {
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back([&crew] { crew.take_part(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: the work is done by those that are there.
  }
  crew.take_part();
  for (std::thread& helper : helpers) helper.join();
  crew.rethrow();
}

}  // namespace engine
