// What API v3 does with tasks: a new home list, and time estimates by user.
#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Task& task_of(const Call& call) {
  call.workspace();
  Task* task = call.world.tasks.live(call.path("task_id"));
  if (task == nullptr) refuse_missing("Task");
  return call.task(task->id);
}

/// The status in the new list: of the same name, or as the mappings say.
const Status& status_in(const Call& call, const List& to, const Task& task) {
  const std::string source = call.world.status_of(task).id;
  for (const View mapping : call.body.View::operator[]("status_mappings").elements()) {
    if (mapping["source_status_id"].as_string() != source) continue;
    for (const Status& status : call.world.statuses_of(to)) {
      if (status.id == mapping["destination_status_id"].as_string()) return status;
    }
    refuse("destination_status_id is not a status of the new List");
  }
  const Status* same = call.world.status(to, task.status);
  if (same == nullptr) {
    refuse("The new List has no status '" + task.status + "'; give status_mappings");
  }
  return *same;
}

Value place_value(World& world, const List& list) {
  const Folder& folder = world.folder_of(list);
  const Space& space = world.space_of(list);
  return make_object([&](Writer& w) {
    w.text("id", list.id);
    w.text("name", list.name);
    w.object("category", [&] {
      w.text("id", folder.id);
      w.text("name", folder.name);
      w.flag("hidden", folder.hidden);
    });
    w.object("project", [&] {
      w.text("id", space.id);
      w.text("name", space.name);
    });
  });
}

/// Values of fields that the new list does not have go, unless they are to be moved along.
void drop_fields(const Call& call, const List& to, Task& task) {
  if (call.body["move_custom_fields"].as_bool()) return;
  const auto known = call.world.fields_of(to);
  std::erase_if(task.fields, [&](const auto& value) {
    return std::none_of(known.begin(), known.end(),
                        [&](const CustomField* field) { return field->id == value.first; });
  });
}

/// Tags belong to a space; those that the new one does not have come along.
void bring_tags(World& world, const Task& task, Space& to) {
  Space& from = world.space_of(world.list_of(task));
  for (const std::string& name : task.tags) {
    const Tag* tag = world.tag(from, name);
    if (&from != &to && tag != nullptr && world.tag(to, name) == nullptr) to.tags.push_back(*tag);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): parents form no cycles
void move(const Call& call, Task& task, List& to) {
  const Value before = place_value(call.world, call.world.list_of(task));
  const Status& status = status_in(call, to, task);
  bring_tags(call.world, task, call.world.space_of(to));
  call.world.move(task, to);
  task.status = status.name;
  if (status.type == "closed" && !task.date_closed) task.date_closed = call.now();
  if (status.type != "closed") task.date_closed.reset();
  task.date_updated = call.now();
  drop_fields(call, to, task);
  tell_task(call, task, "taskMoved",
            {{"section_moved", before, place_value(call.world, to),
              Value::object({{"mute_notifications", true}})}});
  for (Task* child : call.world.subtasks_of(task)) move(call, *child, to);
}

// NOLINTNEXTLINE(misc-no-recursion): parents form no cycles
void check_move(const Call& call, const Task& task, const List& to) {
  status_in(call, to, task);
  for (const Task* child : call.world.subtasks_of(task)) check_move(call, *child, to);
}

Answer move_task(Call& call) {
  Task& task = task_of(call);
  List* to = call.world.lists.live(call.path("list_id"));
  if (to == nullptr) refuse_missing("List");
  call.list(to->id);
  if (task.list_id != to->id) {
    check_move(call, task, *to);
    move(call, task, *to);
    tell_space(call, call.world.space_of(*to), "spaceUpdated");
  }
  return reply([&](Writer& w) {
    w.object("data", [&] {
      w.text("task_id", task.id);
      w.text("new_list_id", to->id);
    });
  });
}

/// By user id or "unassigned", from [{assignee, time}].
std::map<std::string, Ms> estimates_of(const Call& call, const Task& task) {
  std::map<std::string, Ms> estimates;
  for (const View one : call.body.elements()) {
    const View assignee = one["assignee"];
    const Ms time = one["time"].as_integer().value_or(0);
    const bool nobody = assignee.as_string() == "unassigned";
    const std::string key =
        nobody ? "unassigned" : std::to_string(call.member(call.world.team_of(task), assignee));
    estimates[key] = time;
  }
  return estimates;
}

Answer set_estimates(Call& call, bool replace, const char* key) {
  Task& task = task_of(call);
  const auto given = estimates_of(call, task);
  const std::optional<Ms> before = task.time_estimate;
  if (replace) task.estimates_by_user.clear();
  for (const auto& [user, time] : given) task.estimates_by_user[user] = time;
  Ms total = 0;
  for (const auto& [user, time] : task.estimates_by_user) total += time;
  task.time_estimate = total;
  task.date_updated = call.now();
  tell_task(call, task, "taskTimeEstimateUpdated",
            {{"time_estimate", date_change(before), date_change(total),
              estimate_change(task.time_estimate, task.estimates_by_user)}});
  return reply([&](Writer& w) {
    w.object("data", [&] {
      w.integer("total_time_estimate", total);
      w.object(key, [&] {
        for (const auto& [user, time] : given) w.integer(user, time);
      });
    });
  });
}

Answer update_estimates(Call& call) {
  return set_estimates(call, false, "updated_estimates");
}
Answer replace_estimates(Call& call) {
  return set_estimates(call, true, "assignee_estimates");
}

}  // namespace

void add_task_v3_routes(Router& router) {
  const std::string path = "/v3/workspaces/{workspace_id}/tasks/{task_id}";
  constexpr std::string_view kEstimate = "assignee*: id, time*: duration";
  router.add("PUT", path + "/home_list/{list_id}", move_task)
      .body(
          "move_custom_fields: boolean, custom_fields_to_move: [text], status_mappings: "
          "[{source_status_id*: text, destination_status_id*: text}]");
  router.add("PATCH", path + "/time_estimates_by_user", update_estimates).body_list(kEstimate);
  router.add("PUT", path + "/time_estimates_by_user", replace_estimates).body_list(kEstimate);
}

}  // namespace engine::clickup::sandbox
