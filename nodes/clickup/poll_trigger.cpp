#include "nodes/clickup/poll_trigger.h"

#include <algorithm>

#include "nodes/clickup/task_changes.h"

namespace engine::clickup {
namespace {

/// A change can be listed a little later than its date says. What is read twice has the same key.
constexpr std::int64_t kOverlapMs = 5'000;

Value state_of(std::int64_t since, std::int64_t cursor, const std::vector<Value>& created) {
  return Value::object({{"since", since}, {"cursor", cursor}, {"created", Value::array(created)}});
}

bool contains(View ids, const std::string& id) {
  for (const View one : ids.elements()) {
    if (one.as_string() == id) return true;
  }
  return false;
}

}  // namespace

Milliseconds TaskPoll::every(const TriggerContext& context) const {
  return read_settings(context).every;
}

Starts TaskPoll::poll(TriggerContext& context) const {
  const TriggerSettings settings = read_settings(context);
  const Value state = context.state();
  Starts starts;
  const auto cursor = state["cursor"].as_integer();
  if (!cursor) {
    const std::int64_t now = to_ms(context.clock().now());
    starts.state = state_of(now, now, {});
    return starts;
  }
  const std::int64_t since = state["since"].as_integer().value_or(*cursor);
  const std::int64_t after = std::max(since, *cursor - kOverlapMs);
  std::int64_t last = *cursor;
  std::vector<Value> created;  // they may be read again, and are then no longer new
  Service service(context);
  for (const ChangedTask& task : tasks_changed_after(service, settings, after)) {
    last = std::max(last, task.updated_ms);
    const bool told = contains(state["created"], task.id);
    const std::string_view event = told ? "taskUpdated" : event_of(task, after);
    if (task.created_ms > after) created.emplace_back(task.id);
    if (!settings.wants(event)) continue;
    starts.starts.push_back({{item_of(task, event, settings.team)},
                             "poll:" + task.id + ":" + std::to_string(task.updated_ms)});
  }
  starts.state = state_of(since, last, created);
  return starts;
}

}  // namespace engine::clickup
