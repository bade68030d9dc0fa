// What triggers do by themselves: ticks of schedules, polls, and registrations that are made,
// checked and undone.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/execution/executor.h"
#include "core/trigger/starter.h"
#include "core/trigger/trigger_node.h"

namespace engine::trigger {

/// Works on the executor's pool, woken by its timers. Thread-safe.
class Clockwork : public std::enable_shared_from_this<Clockwork> {
 public:
  Clockwork(execution::Executor& executor, Starter& starter, const Site& site,
            const Registry& registry);

  /// From now on these nodes are kept, and no others. What is new or was changed is activated;
  /// what is gone is deactivated, but only when `complete`: a file that cannot be read now may hold
  /// it still.
  void keep(const std::vector<std::shared_ptr<TriggerNode>>& nodes, bool complete);

  /// Why a trigger is not active; empty when it is (or needs nothing to be).
  std::string fault(const TriggerNode& node) const;

  /// Nothing begins any more; waits for what is under way.
  void stop();

 private:
  using Key = std::pair<std::string, std::string>;  // workflow, node
  struct Kept {
    std::shared_ptr<TriggerNode> node;
    std::string activation;
    execution::Timers::Id timer = 0;
    std::uint64_t turn = 0;  // what was planned for an earlier one is void
    std::string fault;
    int failures = 0;
    bool busy = false;   // its work is under way; it plans the next turn itself
    bool again = false;  // changed meanwhile
    bool caught_up = false;
  };
  struct Ticks {
    std::vector<TimePoint> due;
    std::optional<TimePoint> next;
  };
  void begin(const Key& key, Kept& kept);
  void plan(const Key& key, Kept& kept, TimePoint due);
  void work(const Key& key, std::uint64_t turn);
  /// Gives the time of the next turn; nothing: there is none.
  std::optional<TimePoint> turn(const std::shared_ptr<TriggerNode>& node, bool first);
  std::optional<TimePoint> tick(const std::shared_ptr<TriggerNode>& node,
                                const ScheduleTrigger& schedule);
  static Ticks ticks_between(const TriggerNode& node, const ScheduleTrigger& schedule,
                             TimePoint last, TimePoint now);
  TimePoint poll(const std::shared_ptr<TriggerNode>& node, const PollTrigger& trigger);
  TimePoint activate(const std::shared_ptr<TriggerNode>& node, const ServiceWebhookTrigger& trigger,
                     bool first);
  void accept(const std::shared_ptr<TriggerNode>& node, Starts starts, StartOptions options);
  void accept_from(const std::shared_ptr<TriggerNode>& node, const std::function<Starts()>& find,
                   StartOptions options);
  void save(const TriggerNode& node, const Value& state);
  void retire(const std::vector<store::TriggerRecord>& gone);
  void run(std::function<void()> task);

  execution::Executor& executor_;
  Starter& starter_;
  const Site& site_;
  const Registry& registry_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::map<Key, Kept> kept_;
  std::size_t tasks_ = 0;
  bool stopping_ = false;
};

}  // namespace engine::trigger
