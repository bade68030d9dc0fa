// Tasks that changed since a point in time, read from the API: what polling and catching up are
// made of.
#pragma once

#include <cstdint>
#include <vector>

#include "nodes/clickup/service.h"
#include "nodes/clickup/trigger_settings.h"

namespace engine::clickup {

/// A task as the API lists it.
struct ChangedTask {
  std::string id;
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  Value task;
};

/// Subtasks and closed tasks included, oldest change first. `after_ms` is exclusive. At most
/// 10,000: the rest is there when asked again after the last one.
std::vector<ChangedTask> tasks_changed_after(Service& service, const TriggerSettings& settings,
                                             std::int64_t after_ms);

/// The event that a change since `since_ms` stands for: taskCreated for a task that is newer, else
/// taskUpdated.
std::string_view event_of(const ChangedTask& task, std::int64_t since_ms);

/// What a trigger gives for it: as a delivery, without history and with the task.
Item item_of(const ChangedTask& task, std::string_view event, const std::string& team);

}  // namespace engine::clickup
