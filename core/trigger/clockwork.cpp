#include "core/trigger/clockwork.h"

#include <algorithm>

#include "core/value/json.h"

namespace engine::trigger {
namespace {

constexpr Milliseconds kFirstRetry{5'000};
constexpr Milliseconds kLongestRetry{300'000};
constexpr Milliseconds kOnTime{60'000};     // a tick that is no later than this was not missed
constexpr std::size_t kMostMissed = 1'000;  // of `run_all`
constexpr Milliseconds kShortest{1'000};

Milliseconds retry_delay(int failures) {
  Milliseconds delay = kFirstRetry;
  for (int i = 1; i < failures && delay < kLongestRetry; ++i) delay *= 2;
  return std::min(delay, kLongestRetry);
}

bool needs_work(const Trigger& trigger) {
  return !std::holds_alternative<std::monostate>(trigger) &&
         !std::holds_alternative<std::shared_ptr<const WebhookTrigger>>(trigger);
}

}  // namespace

Clockwork::Clockwork(execution::Executor& executor, Starter& starter, const Site& site,
                     const Registry& registry)
    : executor_(executor), starter_(starter), site_(site), registry_(registry) {}

void Clockwork::keep(const std::vector<std::shared_ptr<TriggerNode>>& nodes, bool complete) {
  const execution::Services& services = executor_.services();
  std::map<Key, store::TriggerRecord> stored;
  for (store::TriggerRecord& record : services.store->list_triggers()) {
    const Key key{record.workflow, record.node};
    stored.emplace(key, std::move(record));
  }
  const std::lock_guard lock(mutex_);
  std::map<Key, Kept> kept;
  for (const auto& node : nodes) {
    const Key key{node->workflow(), node->node()};
    const auto row = stored.find(key);
    const auto before = kept_.find(key);
    const std::string activation = node->activation().text();
    if (before != kept_.end()) {
      node->share_state(*before->second.node);
    } else if (row != stored.end() && !row->second.state.empty()) {
      node->restore_state(row->second.state);
    }
    if (row != stored.end()) stored.erase(row);
    if (!needs_work(node->trigger())) continue;
    Kept& now = kept[key];
    if (before != kept_.end()) now = std::move(before->second);
    now.node = node;
    if (now.activation == activation && before != kept_.end()) continue;
    now.activation = activation;
    begin(key, now);
  }
  for (auto& [key, gone] : kept_) {
    if (!kept.contains(key) && gone.timer != 0) services.timers.cancel(gone.timer);
  }
  kept_ = std::move(kept);
  if (!complete || stored.empty()) return;
  std::vector<store::TriggerRecord> gone;
  for (auto& [key, record] : stored) gone.push_back(std::move(record));
  run([this, gone = std::move(gone)] { retire(gone); });
}

void Clockwork::begin(const Key& key, Kept& kept) {
  if (kept.busy) {
    kept.again = true;
    return;
  }
  if (kept.timer != 0) executor_.services().timers.cancel(kept.timer);
  const std::uint64_t turn = ++kept.turn;
  run([this, key, turn] { work(key, turn); });
}

void Clockwork::plan(const Key& key, Kept& kept, TimePoint due) {
  const std::uint64_t turn = ++kept.turn;
  kept.timer = executor_.services().timers.at(due, [weak = weak_from_this(), key, turn] {
    const auto self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mutex_);
    self->run([clockwork = self.get(), key, turn] { clockwork->work(key, turn); });
  });
}

// Requires the mutex.
void Clockwork::run(std::function<void()> task) {
  if (stopping_) return;
  ++tasks_;
  executor_.pool().submit([self = shared_from_this(), task = std::move(task)] {
    {
      const execution::ThreadPool::Blocking blocking(self->executor_.pool());
      task();
    }
    const std::lock_guard lock(self->mutex_);
    --self->tasks_;
    self->idle_.notify_all();
  });
}

void Clockwork::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (const auto& [key, kept] : kept_) {
    if (kept.timer != 0) executor_.services().timers.cancel(kept.timer);
  }
  idle_.wait(lock, [this] { return tasks_ == 0; });
}

std::string Clockwork::fault(const TriggerNode& node) const {
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find({node.workflow(), node.node()});
  return kept == kept_.end() ? "" : kept->second.fault;
}

void Clockwork::work(const Key& key, std::uint64_t number) {
  std::shared_ptr<TriggerNode> node;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(key);
    if (stopping_ || kept == kept_.end() || kept->second.turn != number) return;
    kept->second.busy = true;
    kept->second.timer = 0;
    node = kept->second.node;
    first = !kept->second.caught_up;
  }
  const execution::Services& services = executor_.services();
  std::optional<TimePoint> next;
  std::string fault;
  try {
    next = turn(node, first);
  } catch (const std::exception& error) {
    fault = error.what();
    services.log.error("A trigger does not work.",
                       {{"workflow", key.first}, {"node", key.second}, {"error", fault}});
  }
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return;
  Kept& kept = found->second;
  kept.busy = false;
  kept.fault = fault;
  kept.failures = fault.empty() ? 0 : kept.failures + 1;
  kept.caught_up = kept.caught_up || fault.empty();
  if (stopping_) return;
  if (std::exchange(kept.again, false)) return begin(key, kept);
  if (!fault.empty()) next = services.clock.now() + retry_delay(kept.failures);
  if (next) plan(key, kept, *next);
}

std::optional<TimePoint> Clockwork::turn(const std::shared_ptr<TriggerNode>& node, bool first) {
  const Trigger& trigger = node->trigger();
  if (const auto* schedule = std::get_if<std::shared_ptr<const ScheduleTrigger>>(&trigger)) {
    return tick(node, **schedule);
  }
  if (const auto* polled = std::get_if<std::shared_ptr<const PollTrigger>>(&trigger)) {
    return poll(node, **polled);
  }
  return activate(node, *std::get<std::shared_ptr<const ServiceWebhookTrigger>>(trigger), first);
}

// ---------------------------------------------------------------- schedules

// The newest ticks after `last`, at most so many as are run, and the one after `now`. Looks back
// further and further: a schedule of every second has millions in a month.
Clockwork::Ticks Clockwork::ticks_between(const TriggerNode& node, const ScheduleTrigger& schedule,
                                          TimePoint last, TimePoint now) {
  for (Milliseconds back = kOnTime;; back *= 4) {
    const TimePoint from = std::max(last, now - back);
    Ticks ticks;
    ticks.next = schedule.next(node, from);
    while (ticks.next && *ticks.next <= now) {
      ticks.due.push_back(*ticks.next);
      ticks.next = schedule.next(node, *ticks.next);
    }
    if (from > last && ticks.due.size() < kMostMissed) continue;
    if (ticks.due.size() > kMostMissed) {
      ticks.due.erase(ticks.due.begin(), ticks.due.end() - kMostMissed);
    }
    return ticks;
  }
}

// The state is the newest tick that was dealt with.
std::optional<TimePoint> Clockwork::tick(const std::shared_ptr<TriggerNode>& node,
                                         const ScheduleTrigger& schedule) {
  const SchedulePolicy policy = schedule.policy(*node);
  const TimePoint now = executor_.services().clock.now();
  const auto stored = node->state().as_integer();
  if (!stored) {
    save(*node, to_ms(now));
    node->set_state(to_ms(now));
  }
  const TimePoint last = stored ? from_ms(*stored) : now;

  const auto [due, next] = ticks_between(*node, schedule, last, now);
  if (due.empty()) return next;
  const bool on_time = now - due.back() <= kOnTime;
  std::vector<TimePoint> fire;
  using Missed = SchedulePolicy::Missed;
  if (policy.missed == Missed::run_all) {
    fire = due;
  } else if (on_time || policy.missed == Missed::run_once) {
    fire.push_back(due.back());
  }
  Starts starts;
  for (const TimePoint at : fire) {
    starts.starts.push_back({schedule.items(*node, at), "tick:" + std::to_string(to_ms(at))});
  }
  starts.state = Value(to_ms(due.back()));
  StartOptions options;
  options.mode = "schedule";
  using Overlap = SchedulePolicy::Overlap;
  if (policy.overlap != Overlap::allow) {
    options.limits.push_back(
        {schedule_group(node->workflow(), node->node()), 1,
         policy.overlap == Overlap::skip ? workflow::WhenFull::skip : workflow::WhenFull::queue});
  }
  accept(node, std::move(starts), std::move(options));
  return next;
}

void Clockwork::accept(const std::shared_ptr<TriggerNode>& node, Starts starts,
                       StartOptions options) {
  if (starts.starts.empty() && !starts.state) return;
  if (!starter_.start(node, std::move(starts), std::move(options)).refused) return;
  throw Error(ErrorCause::rate_limited, "queue_full",
              "There is too much to do; this is tried again.");
}

// What a trigger finds out by itself; deliveries may come meanwhile.
void Clockwork::accept_from(const std::shared_ptr<TriggerNode>& node,
                            const std::function<Starts()>& find, StartOptions options) {
  std::unique_lock<std::mutex> changing;
  Starts found = node->read_for_change(changing, find,
                                       [](const Starts& read) { return read.state.has_value(); });
  accept(node, std::move(found), std::move(options));
}

// ---------------------------------------------------------------- polls

TimePoint Clockwork::poll(const std::shared_ptr<TriggerNode>& node, const PollTrigger& trigger) {
  if (node->state().missing()) save(*node, {});
  StartOptions options;
  options.mode = "poll";
  accept_from(
      node, [&] { return trigger.poll(*node); }, std::move(options));
  return executor_.services().clock.now() + std::max(kShortest, trigger.every(*node));
}

// ---------------------------------------------------------------- registrations

TimePoint Clockwork::activate(const std::shared_ptr<TriggerNode>& node,
                              const ServiceWebhookTrigger& trigger, bool first) {
  const bool known = node->state().given();
  // What it is activated with is written down before: if the process ends in between, the next one
  // still knows that there may be a registration.
  {
    std::unique_lock<std::mutex> changing;
    save(*node, node->read_for_change(
                    changing, [&] { return node->state(); }, [](const Value&) { return true; }));
  }
  {
    std::unique_lock<std::mutex> changing;
    const Value state = node->read_for_change(
        changing, [&] { return trigger.activate(*node); }, [](const Value&) { return true; });
    save(*node, state);
    node->set_state(state);
  }
  if (first && known) {
    StartOptions options;
    options.mode = "webhook";
    accept_from(
        node, [&] { return trigger.catch_up(*node); }, std::move(options));
  }
  return executor_.services().clock.now() + std::max(kShortest, trigger.check_every(*node));
}

void Clockwork::save(const TriggerNode& node, const Value& state) {
  executor_.services().store->save_trigger({node.workflow(), node.node(),
                                            node.activation().type->description.id,
                                            node.activation().text(), node.sealed(state)});
}

void Clockwork::retire(const std::vector<store::TriggerRecord>& gone) {
  const execution::Services& services = executor_.services();
  for (const store::TriggerRecord& record : gone) {
    try {
      if (!record.type.empty()) {
        const Activation activation = read_activation(record, registry_);
        if (activation.type != nullptr) {
          TriggerNode node(site_, nullptr, activation);
          node.restore_state(record.state);
          const auto* service =
              std::get_if<std::shared_ptr<const ServiceWebhookTrigger>>(&node.trigger());
          if (service != nullptr) (*service)->deactivate(node);
        }
      }
      services.store->remove_trigger(record.workflow, record.node);
    } catch (const std::exception& error) {
      // The row stays, so that the next start tries again.
      services.log.error(
          "A trigger whose workflow is gone could not be undone.",
          {{"workflow", record.workflow}, {"node", record.node}, {"error", error.what()}});
    }
  }
}

}  // namespace engine::trigger
