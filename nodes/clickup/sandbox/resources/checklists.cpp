#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/nesting.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

struct Found {
  Task& task;
  std::size_t index;
  Checklist& checklist() const { return task.checklists[index]; }
};

Found place_of(const Call& call) {
  const std::string& id = call.path("checklist_id");
  Task* found = call.world.task_of_checklist(id);
  if (found == nullptr) refuse_unknown();
  Task& task = call.task(found->id);
  const auto one = std::find_if(task.checklists.begin(), task.checklists.end(),
                                [&](const Checklist& c) { return c.id == id; });
  return {task, static_cast<std::size_t>(one - task.checklists.begin())};
}

Answer shown(Call& call, const Found& place) {
  return reply([&](Writer& w) {
    w.key("checklist");
    write_checklist(w, call.world, place.checklist(), place.task.id,
                    static_cast<std::int64_t>(place.index));
  });
}

void tell(Call& call, Task& task, const char* field, const Value& before, const Value& after) {
  task.date_updated = call.now();
  tell_task(call, task, "taskUpdated", {{field, before, after}});
}

Answer create_checklist(Call& call) {
  Task& task = call.task();
  Checklist checklist;
  checklist.id = call.world.new_uuid();
  checklist.name = call.body["name"].as_string();
  checklist.date_created = call.now();
  checklist.creator = call.user_id();
  task.checklists.push_back(std::move(checklist));
  task.date_updated = call.now();
  return shown(call, {task, task.checklists.size() - 1});
}

Answer update_checklist(Call& call) {
  const Found place = place_of(call);
  Checklist& checklist = place.checklist();
  if (call.body["name"].is_string()) checklist.name = call.body["name"].as_string();
  if (const auto position = call.body["position"].as_integer()) {
    auto& all = place.task.checklists;
    Checklist moved = std::move(checklist);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(place.index));
    const auto last = static_cast<std::int64_t>(all.size());
    all.insert(all.begin() + std::clamp<std::int64_t>(*position, 0, last), std::move(moved));
  }
  place.task.date_updated = call.now();
  return shown(call, place_of(call));
}

Answer delete_checklist(Call& call) {
  const Found place = place_of(call);
  auto& all = place.task.checklists;
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(place.index));
  place.task.date_updated = call.now();
  return done();
}

Answer create_item(Call& call) {
  const Found place = place_of(call);
  ChecklistItem item;
  item.name = call.body["name"].as_string();
  if (item.name.empty()) refuse("Checklist item name is required");
  if (call.body["assignee"].given()) {
    item.assignee = call.member(call.world.team_of(place.task), call.body["assignee"]);
  }
  item.id = call.world.new_uuid();
  item.date_created = call.now();
  const std::string name = item.name;
  place.checklist().items.push_back(std::move(item));
  tell(call, place.task, "checklist_items_added", nullptr, name);
  return shown(call, place);
}

ChecklistItem& item_of(Checklist& checklist, std::string_view id) {
  for (ChecklistItem& item : checklist.items) {
    if (item.id == id) return item;
  }
  refuse_unknown();
}

/// Refuses an item below itself.
void set_parent(Checklist& checklist, ChecklistItem& item, View parent) {
  if (parent.null()) item.parent.clear();
  if (!parent.is_string()) return;
  for (std::string id(parent.as_string()); !id.empty();) {
    const ChecklistItem& above = item_of(checklist, id);
    if (above.id == item.id) refuse("A checklist item cannot be below itself");
    id = above.parent;
  }
  const auto parent_of = [&](const std::string& id) { return item_of(checklist, id).parent; };
  const auto children_of = [&](const ChecklistItem& above) {
    std::vector<const ChecklistItem*> children;
    for (const ChecklistItem& one : checklist.items) {
      if (one.parent == above.id) children.push_back(&one);
    }
    return children;
  };
  const std::string above(parent.as_string());
  if (depth_below(above, parent_of) + height_of(item, children_of) >= kDeepestChecklistItem) {
    refuse("Checklist items nest at most " + std::to_string(kDeepestChecklistItem) + " levels");
  }
  item.parent = above;
}

Answer update_item(Call& call) {
  const Found place = place_of(call);
  Checklist& checklist = place.checklist();
  ChecklistItem& item = item_of(checklist, call.path("checklist_item_id"));
  const View body = call.body;
  if (body["name"].is_string()) item.name = body["name"].as_string();
  if (body["assignee"].null()) item.assignee.reset();
  if (body["assignee"].given()) {
    item.assignee = call.member(call.world.team_of(place.task), body["assignee"]);
  }
  set_parent(checklist, item, body["parent"]);
  if (body["resolved"].is_boolean() && body["resolved"].as_bool() != item.resolved) {
    const auto shown_flag = [](bool value) { return Value(value ? "true" : "false"); };
    item.resolved = !item.resolved;
    tell(call, place.task, "checklist_item_resolved", shown_flag(!item.resolved),
         shown_flag(item.resolved));
  }
  place.task.date_updated = call.now();
  return shown(call, place);
}

Answer delete_item(Call& call) {
  const Found place = place_of(call);
  const std::string& id = call.path("checklist_item_id");
  item_of(place.checklist(), id);
  auto& items = place.checklist().items;
  // What is below an item goes with it, level by level.
  std::vector<std::string> gone = {id};
  for (std::size_t i = 0; i < gone.size(); ++i) {
    for (const ChecklistItem& item : items) {
      if (item.parent == gone[i]) gone.push_back(item.id);
    }
  }
  std::erase_if(items, [&](const ChecklistItem& item) {
    return std::find(gone.begin(), gone.end(), item.id) != gone.end();
  });
  place.task.date_updated = call.now();
  return done();
}

}  // namespace

void add_checklist_routes(Router& router) {
  router.add("POST", "/v2/task/{task_id}/checklist", create_checklist)
      .query(kTaskId)
      .body("name*: text");
  router.add("PUT", "/v2/checklist/{checklist_id}", update_checklist)
      .body("name: text, position: integer");
  router.add("DELETE", "/v2/checklist/{checklist_id}", delete_checklist);
  router.add("POST", "/v2/checklist/{checklist_id}/checklist_item", create_item)
      .body("name*: text, assignee: id?");
  router.add("PUT", "/v2/checklist/{checklist_id}/checklist_item/{checklist_item_id}", update_item)
      .body("name: text, assignee: id?, resolved: boolean, parent: text?");
  router.add("DELETE", "/v2/checklist/{checklist_id}/checklist_item/{checklist_item_id}",
             delete_item);
}

}  // namespace engine::clickup::sandbox
