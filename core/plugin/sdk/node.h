// The behaviour of a node type.
#pragma once

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "context.h"

namespace engine::sdk {

struct ItemFailure {
  std::size_t item = 0;
  Error error;
};

struct NodeResult {
  std::vector<Items> outputs{};        ///< by output index; shorter is fine, the rest is empty
  std::vector<ItemFailure> failed{};   ///< what the others gave is kept
  std::vector<std::size_t> untried{};  ///< items left when the first failure stopped the rest
};

/// Stateless and shared by all runs: everything of a run comes with the context. Thread-safe.
class Node {
 public:
  virtual ~Node() = default;
  virtual NodeResult run(NodeContext& context) const = 0;
};

/// Base of nodes that map each item to items. Runs items `concurrency` at a time, keeps their
/// order, sets origins, sorts errors to their items, tells progress, honours cancellation. Unless
/// the node keeps going, the first failure leaves the rest untried; what is done is not lost.
class ItemNode : public Node {
 public:
  NodeResult run(NodeContext& context) const final {
    const std::size_t count = context.input().size();
    Work work(count);
    const std::size_t threads = std::min(std::max<std::size_t>(context.concurrency(), 1), count);
    if (threads <= 1) {
      go_through(context, work);
    } else {
      std::vector<std::thread> running;
      for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back([&] { go_through(context, work); });
      }
      for (std::thread& thread : running) thread.join();
    }
    NodeResult result;
    result.outputs.resize(1);
    for (Items& part : work.made) {
      std::move(part.begin(), part.end(), std::back_inserter(result.outputs[0]));
    }
    result.failed = std::move(work.failed);
    result.untried = std::move(work.untried);
    return result;
  }

 protected:
  /// The items made from input item `index`; origins are filled in where they are not set.
  virtual Items run_item(NodeContext& context, std::size_t index) const = 0;

 private:
  struct Work {
    explicit Work(std::size_t count) : made(count) {}
    std::vector<Items> made;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stopped{false};
    std::mutex mutex;  // guards the rest
    std::vector<ItemFailure> failed;
    std::vector<std::size_t> untried;
    std::size_t done = 0;
  };

  void go_through(NodeContext& context, Work& work) const {
    const std::size_t count = work.made.size();
    const std::size_t step = std::max<std::size_t>(count / 256, 1);
    for (std::size_t i = work.next++; i < count; i = work.next++) {
      if (work.stopped) {
        const std::lock_guard lock(work.mutex);
        work.untried.push_back(i);
        continue;
      }
      try {
        if (i % 64 == 0) context.check_cancelled();
        work.made[i] = run_item(context, i);
        for (Item& item : work.made[i]) {
          if (item.origins.empty()) item.origins.push_back({0, static_cast<std::uint32_t>(i)});
        }
      } catch (...) {
        const Error error = detail::current_error();
        if (!context.keeps_going() || context.cancelled()) work.stopped = true;
        const std::lock_guard lock(work.mutex);
        work.failed.push_back({i, error});
      }
      const std::lock_guard lock(work.mutex);
      if (++work.done == count || work.done % step == 0) context.progress(work.done, count);
    }
  }
};

}  // namespace engine::sdk
