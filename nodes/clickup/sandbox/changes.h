// Telling what changed: the events that webhooks carry, with their history items.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// One entry of `history_items`. Missing `before` is left out, as the service does.
struct Change {
  std::string field;
  Value before = {};
  Value after = {};
  Value data = Value::object();
  /// Further members: "comment", "custom_field", …
  std::vector<std::pair<std::string, Value>> extra = {};
};

/// Records `event` with these history items, and for specific events also taskUpdated with the
/// same ones (a new task: taskStatusUpdated). `data` is that of the event itself; missing: none.
void tell_task(const Call& call, const Task& task, std::string_view event,
               const std::vector<Change>& changes, const Value& data = {});

void tell_list(const Call& call, const List& list, std::string_view event,
               const std::vector<Change>& changes = {});
void tell_folder(const Call& call, const Folder& folder, std::string_view event);
void tell_space(const Call& call, const Space& space, std::string_view event);
/// `key_result_id` may be empty.
void tell_goal(const Call& call, const Goal& goal, std::string_view event,
               const std::string& key_result_id = "");

/// A status, a user and a task's tags as history items carry them.
Value status_change(World& world, const Task& task);
Value user_change(World& world, UserId user);
Value date_change(std::optional<Ms> date);
/// `data` of a changed time estimate.
Value estimate_change(std::optional<Ms> estimate, const std::map<std::string, Ms>& by_user);

}  // namespace engine::clickup::sandbox
