#include "nodes/clickup/sandbox/wire/time_entry.h"

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

void write_task(Writer& w, World& world, const Task* task) {
  if (task == nullptr) return w.null("task");
  const Status& status = world.status_of(*task);
  w.object("task", [&] {
    w.text("id", task->id);
    w.text_or_null("custom_id", task->custom_id);
    w.text("name", task->name);
    w.key("status");
    write_status(w, status, index_of(world.statuses_of(world.list_of(*task)), status));
    w.null("custom_type");
  });
}

void write_location(Writer& w, World& world, const Task* task, bool names) {
  w.object("task_location", [&] {
    if (task == nullptr) return;
    const List& list = world.list_of(*task);
    w.text("list_id", list.id);
    w.text("folder_id", list.folder_id);
    w.text("space_id", list.space_id);
    if (!names) return;
    w.text("list_name", list.name);
    w.text("folder_name", world.folder_of(list).name);
    w.text("space_name", world.space_of(list).name);
  });
}

}  // namespace

void write_time_entry(Writer& w, World& world, const TimeEntry& entry, bool task_tags,
                      bool location_names) {
  const Task* task = world.tasks.find(entry.task_id);
  w.object([&] {
    w.text("id", entry.id);
    write_task(w, world, task);
    w.text("wid", entry.team_id);
    write_user(w, "user", world, entry.user);
    w.flag("billable", entry.billable);
    w.date("start", entry.start);
    if (entry.end) w.date("end", entry.end);
    w.digits("duration", entry.end ? *entry.end - entry.start : entry.start - world.now());
    w.text("description", entry.description);
    w.array("tags", [&] {
      for (const Tag& tag : entry.tags) write_tag(w, tag);
    });
    w.text("source", entry.source);
    w.date("at", entry.at);
    write_location(w, world, task, location_names);
    if (task_tags) {
      w.array("task_tags", [&] {
        if (task == nullptr) return;
        Space& space = world.space_of(world.list_of(*task));
        for (const std::string& name : task->tags) {
          if (const Tag* tag = world.tag(space, name)) write_tag(w, *tag);
        }
      });
    }
    w.text("task_url", task == nullptr ? "" : "https://app.clickup.com/t/" + task->id);
  });
}

void time_changed(Call& call, const TimeEntry& entry, std::string_view what) {
  Task* task = call.world.tasks.find(entry.task_id);
  if (task == nullptr || task->deleted) return;
  const Ms before = task->time_spent;
  call.world.count_time(task->id);
  task->date_updated = call.now();
  const Value after = make_object([&](Writer& w) {
    w.text("id", entry.id);
    w.date("start", entry.start);
    w.date("end", entry.end);
    w.digits("time", entry.end ? *entry.end - entry.start : 0);
    w.text("source", entry.source);
    w.date("date_added", entry.at);
  });
  const Value data = Value::object({{"total_time", std::to_string(task->time_spent)},
                                    {"rollup_time", std::to_string(task->time_spent)}});
  tell_task(call, *task, "taskTimeTrackedUpdated",
            {{"time_spent", std::to_string(before), after, data}},
            Value::object({{"description", "Time Tracking " + std::string(what)},
                           {"interval_id", entry.id}}));
}

}  // namespace engine::clickup::sandbox
