// An executor in a world of fakes: a clock that stands still, timers that follow it, a store in
// memory.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/execution/executor.h"
#include "core/execution/history.h"
#include "core/store/memory_store.h"
#include "tests/core/execution/flow_types.h"
#include "tests/core/execution/items_text.h"

namespace engine::test {

using store::MemoryStore;

class StillClock final : public Clock {
 public:
  TimePoint now() const override { return from_ms(now_.load()); }
  void set(TimePoint time) { now_ = to_ms(time); }

 private:
  std::atomic<std::int64_t> now_{1'000'000};
};

/// The same numbers in every run, spread over all bits.
class CountingRandom final : public Random {
 public:
  std::uint64_t next() override { return next_.fetch_add(1) * 0x9e3779b97f4a7c15U; }

 private:
  std::atomic<std::uint64_t> next_{1};
};

/// Fires on a thread of its own what is due by the clock, in order.
class ClockTimers final : public execution::Timers {
 public:
  explicit ClockTimers(StillClock& clock) : clock_(clock), thread_([this] { loop(); }) {}
  ~ClockTimers() override;

  Id at(TimePoint due, std::function<void()> callback) override;
  void cancel(Id id) override;

  /// Waits until something is to be done `after` from now,
  void await(Milliseconds after);
  /// and sets the clock to then.
  void jump(Milliseconds after);
  /// Sets the clock to any time.
  void set(TimePoint now);

 private:
  void loop();

  StillClock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<TimePoint, Id>, std::function<void()>> queue_;
  Id next_ = 1;
  bool stopping_ = false;
  std::thread thread_;
};

/// Everything of one process. Several may share a store, one after the other.
class World {
 public:
  explicit World(std::shared_ptr<store::Store> kept = std::make_shared<MemoryStore>());

  void behaviour(const std::string& id, Behaviour behaviour) {
    add_behaviour(registry, id, std::move(behaviour));
  }
  void each(const std::string& id, ItemBehaviour behaviour) {
    add_item_behaviour(registry, id, std::move(behaviour));
  }

  std::shared_ptr<execution::ActiveExecution> start(const std::string& nodes,
                                                    const std::string& items,
                                                    const std::string& settings = "");
  std::shared_ptr<execution::ActiveExecution> run(const std::string& nodes,
                                                  const std::string& items,
                                                  const std::string& settings = "") {
    auto execution = start(nodes, items, settings);
    execution->wait();
    return execution;
  }
  store::Execution record(const execution::ActiveExecution& execution) {
    return store->find_execution(execution.id()).value();
  }
  std::vector<store::Event> events(const std::string& id);
  std::string kinds(const std::string& id);

  Registry registry;
  StillClock clock;
  CountingRandom random;
  Logger log;
  std::shared_ptr<store::Store> store;
  std::map<std::string, std::string> texts;  ///< of workflows that are called by name
  BinaryStore binaries;
  ClockTimers timers;
  execution::Executor executor;

 private:
  execution::Services services();
};

/// What was run, from many threads.
class Log {
 public:
  void add(const std::string& entry) {
    const std::lock_guard lock(mutex_);
    entries_.push_back(entry);
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& entry : entries_) all += (all.empty() ? "" : " ") + entry;
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> entries_;
};

}  // namespace engine::test
