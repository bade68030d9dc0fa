#include "nodes/clickup/sandbox/changes.h"

#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

constexpr int kTaskItem = 1;
constexpr int kListItem = 6;

Value history_item(const Call& call, const Change& change, int type, const std::string& parent_id) {
  return make_object([&](Writer& w) {
    w.text("id",
           type == kListItem ? call.world.new_uuid() : "2800787326" + call.world.new_number());
    w.integer("type", type);
    w.date("date", call.now());
    w.text("field", change.field);
    w.text("parent_id", parent_id);
    w.value("data", change.data);
    w.null("source");
    write_user(w, "user", call.world, call.user_id());
    w.value("before", change.before);
    w.value("after", change.after.missing() ? Value(nullptr) : change.after);
    for (const auto& [key, value] : change.extra) w.value(key, value);
  });
}

Value history(const Call& call, const std::vector<Change>& changes, int type,
              const std::string& parent_id) {
  std::vector<Value> items;
  for (const Change& change : changes) items.push_back(history_item(call, change, type, parent_id));
  return Value::array(items);
}

void record(const Call& call, std::string_view event, Place place,
            const std::vector<std::pair<std::string_view, std::string>>& ids, const Value& items,
            const Value& data = {}) {
  Event told;
  told.at = from_ms(call.now());
  told.name = event;
  told.user = call.user_id();
  told.payload = make_object([&](Writer& w) {
    w.text("event", event);
    for (const auto& [key, id] : ids) w.text(key, id);
    w.text("team_id", place.team_id);
    w.value("history_items", items);
    if (!data.missing()) w.value("data", data);
  });
  told.place = std::move(place);
  call.world.events.record(std::move(told));
}

}  // namespace

void tell_task(const Call& call, const Task& task, std::string_view event,
               const std::vector<Change>& changes, const Value& data) {
  const Value items = history(call, changes, kTaskItem, task.list_id);
  const Place place = call.world.place_of(task);
  record(call, event, place, {{"task_id", task.id}}, items, data);
  if (event == "taskCreated") {
    record(call, "taskStatusUpdated", place, {{"task_id", task.id}}, items);
  } else if (event != "taskUpdated" && event != "taskDeleted") {
    record(call, "taskUpdated", place, {{"task_id", task.id}}, items);
  }
}

void tell_list(const Call& call, const List& list, std::string_view event,
               const std::vector<Change>& changes) {
  const Value items = history(call, changes, kListItem, list.id);
  record(call, event, call.world.place_of(list), {{"list_id", list.id}}, items);
}

void tell_folder(const Call& call, const Folder& folder, std::string_view event) {
  const Space& space = *call.world.spaces.find(folder.space_id);
  record(call, event, {space.team_id, space.id, folder.id, "", ""}, {{"folder_id", folder.id}},
         Value::array());
}

void tell_space(const Call& call, const Space& space, std::string_view event) {
  record(call, event, {space.team_id, space.id, "", "", ""}, {{"space_id", space.id}},
         Value::array());
}

void tell_goal(const Call& call, const Goal& goal, std::string_view event,
               const std::string& key_result_id) {
  std::vector<std::pair<std::string_view, std::string>> ids = {{"goal_id", goal.id}};
  if (!key_result_id.empty()) ids.emplace_back("key_result_id", key_result_id);
  record(call, event, {goal.team_id, "", "", "", ""}, ids, Value::array());
}

Value status_change(World& world, const Task& task) {
  const Status& status = world.status_of(task);
  const std::int64_t index = index_of(world.statuses_of(world.list_of(task)), status);
  return make_object([&](Writer& w) {
    w.text("status", status.name);
    w.text("color", status.color);
    w.integer("orderindex", index);
    w.text("type", status.type);
  });
}

Value user_change(World& world, UserId user) {
  Writer writer;
  write_user(writer, world, user);
  return writer.finish();
}

Value date_change(std::optional<Ms> date) {
  return date ? Value(std::to_string(*date)) : Value(nullptr);
}

Value estimate_change(std::optional<Ms> estimate, const std::map<std::string, Ms>& by_user) {
  return make_object([&](Writer& w) {
    w.date("time_estimate", estimate);
    estimate ? w.text("time_estimate_string", format_duration(Milliseconds(*estimate)))
             : w.null("time_estimate_string");
    w.array("time_estimates_by_user", [&] {
      for (const auto& [user, time] : by_user) {
        w.object([&, user_id = &user, spent = time] {
          w.text("userid", *user_id);
          w.integer("estimate", spent);
        });
      }
    });
  });
}

}  // namespace engine::clickup::sandbox
