// Creating, updating and deleting tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/task_edit.h"
#include "nodes/clickup/sandbox/wire/field_value.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

Answer whole_task(Call& call, const Task& task) {
  Answer answer;
  answer.json = task_value(call.world, task, {true, false, true});
  return answer;
}

/// Of the body, by field id. Refuses fields that the list's tasks do not have, and required ones
/// that are missing when the caller wants them checked.
std::map<std::string, Value> read_fields(const Call& call, const List& list) {
  const auto known = call.world.fields_of(list);
  const Team& team = call.world.team_of(call.world.space_of(list));
  std::map<std::string, Value> values;
  const Value given = call.body["custom_fields"];
  for (const View one : given.elements()) {
    const auto field = std::find_if(known.begin(), known.end(), [&](const CustomField* f) {
      return f->id == one["id"].as_string();
    });
    if (field == known.end()) {
      refuse("Custom field '" + std::string(one["id"].as_string()) + "' is not one of this List");
    }
    const Value value = field_value(call, team, **field, given.share(one["value"]), Value());
    if (value.given()) values[(*field)->id] = value.detached();
  }
  for (const CustomField* field : known) {
    const bool wanted = field->required && call.body["check_required_custom_fields"].as_bool();
    if (wanted && !values.contains(field->id)) {
      refuse("Custom field '" + field->name + "' is required");
    }
  }
  return values;
}

/// With what only a new task is given.
Task new_task(const Call& call, const List& list) {
  const View body = call.body;
  Task task;
  task.list_id = list.id;
  task.name = body["name"].as_string();
  if (task.name.find_first_not_of(' ') == std::string::npos) refuse("Task name invalid");
  const std::string status(body["status"].as_string());
  const Status* found =
      status.empty() ? &call.world.statuses_of(list).front() : call.world.status(list, status);
  if (found == nullptr) refuse("Status not found", "CRTSK_001");
  task.status = found->name;
  task.fields = read_fields(call, list);
  task.creator = call.user_id();
  task.date_created = call.now();
  task.date_updated = call.now();
  if (found->type == "closed") task.date_closed = call.now();
  if (found->type == "closed" || found->type == "done") task.date_done = call.now();
  task.status_history.push_back(
      {*found, index_of(call.world.statuses_of(list), *found), call.now()});
  task.watchers = {call.user_id()};
  return task;
}

/// What both bodies have and set alike.
void fill(TaskEdit& edit, View body) {
  edit.description(
      body["description"].missing() ? body["markdown_description"] : body["description"],
      body["markdown_content"]);
  edit.parent(body["parent"]);
  edit.type(body["custom_item_id"]);
  edit.priority(body["priority"]);
  edit.due_date(body["due_date"], body["due_date_time"]);
  edit.start_date(body["start_date"], body["start_date_time"]);
  edit.time_estimate(body["time_estimate"]);
  edit.points(body["points"]);
  edit.archived(body["archived"]);
}

void link(World& world, Task& task, std::string_view other_id, UserId user, Ms now) {
  Task* other = world.tasks.find(other_id);
  if (other == nullptr) return;
  task.links.push_back({other->id, now, user});
  other->links.push_back({task.id, now, user});
}

Answer create_task(Call& call) {
  const List& list = call.list();
  if (list.deleted) throw Refusal(404, "List not found", "ITEM_015");
  const View body = call.body;
  const std::string_view link_to = body["links_to"].as_string();
  if (body["links_to"].given()) call.task(link_to);  // refuses strangers
  TaskEdit edit(call, new_task(call, list));
  fill(edit, body);
  edit.assignees(make_object([&](Writer& w) { w.value("add", call.body["assignees"]); }));
  edit.groups(make_object([&](Writer& w) { w.value("add", call.body["group_assignees"]); }));
  for (const View tag : body["tags"].elements()) edit.add_tag(tag.as_string());
  Task& added = edit.create();
  link(call.world, added, link_to, call.user_id(), call.now());
  return whole_task(call, added);
}

Answer update_task(Call& call) {
  Task& task = call.task();
  const View body = call.body;
  TaskEdit edit(call, task);
  edit.name(body["name"]);
  if (body["status"].is_string()) edit.status(body["status"].as_string(), "ITEM_114");
  edit.assignees(body["assignees"]);
  edit.groups(body["group_assignees"]);
  edit.watchers(body["watchers"]);
  fill(edit, body);
  edit.finish(task);
  return whole_task(call, task);
}

// NOLINTNEXTLINE(misc-no-recursion): parents form no cycles
void remove(const Call& call, Task& task) {
  task.deleted = true;
  tell_task(call, task, "taskDeleted", {});
  for (Task* child : call.world.subtasks_of(task)) remove(call, *child);
}

Answer delete_task(Call& call) {
  remove(call, call.task());
  return no_content();
}

}  // namespace

void add_task_change_routes(Router& router) {
  router.add("POST", "/v2/list/{list_id}/task", create_task)
      .query(kTaskId)
      .body(
          "name*: text, description: text?, markdown_content: text?, markdown_description: "
          "text?, assignees: [id], group_assignees: [text], tags: [text], status: text?, "
          "priority: integer?, due_date: date?, due_date_time: boolean, time_estimate: duration?, "
          "start_date: date?, start_date_time: boolean, points: number?, notify_all: boolean, "
          "parent: text?, links_to: text?, check_required_custom_fields: boolean, "
          "custom_fields: [{id*: text, value*: any, value_options: object}], "
          "custom_item_id: integer?, archived: boolean");
  router.add("PUT", "/v2/task/{task_id}", update_task)
      .query(kTaskId)
      .body(
          "name: text, description: text?, markdown_content: text?, markdown_description: text?, "
          "status: text, priority: integer?, due_date: date?, due_date_time: boolean, "
          "start_date: date?, start_date_time: boolean, time_estimate: duration?, points: "
          "number?, parent: text, custom_item_id: integer?, archived: boolean, "
          "assignees: {add: [id], rem: [id]}, group_assignees: {add: [text], rem: [text]}, "
          "watchers: {add: [id], rem: [id]}");
  router.add("DELETE", "/v2/task/{task_id}", delete_task).query(kTaskId);
}

}  // namespace engine::clickup::sandbox
