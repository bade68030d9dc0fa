// Time on a task as it was tracked before time entries; both are the same here.
#include <map>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/time_entry.h"

namespace engine::clickup::sandbox {
namespace {

Answer tracked_time(Call& call) {
  const Task& task = call.task();
  std::map<UserId, std::vector<const TimeEntry*>> by_user;
  for (const TimeEntry& entry : call.world.time_entries) {
    const bool here = !entry.deleted && entry.end && entry.task_id == task.id;
    if (here) by_user[entry.user].push_back(&entry);
  }
  return reply([&](Writer& w) {
    w.array("data", [&] {
      for (const auto& [user, entries] : by_user) {
        Ms total = 0;
        for (const TimeEntry* one : entries) total += *one->end - one->start;
        w.object([&, id = user, &list = entries] {
          write_user(w, "user", call.world, id);
          w.integer("time", total);
          w.array("intervals", [&] {
            for (const TimeEntry* one : list) {
              w.object([&] {
                w.text("id", one->id);
                w.date("start", one->start);
                w.date("end", one->end);
                w.digits("time", *one->end - one->start);
                w.text("source", one->source);
                w.date("date_added", one->at);
              });
            }
          });
        });
      }
    });
  });
}

/// `start` and `end`, or `time` that ends now.
void read(const Call& call, TimeEntry& entry) {
  const View body = call.body;
  if (body["start"].given() != body["end"].given()) refuse("'start' and 'end' go together");
  if (!body["start"].given() && !body["time"].given()) refuse("Give 'time', or 'start' and 'end'");
  const Ms end = body["end"].as_integer().value_or(call.now());
  const Ms start = body["start"].as_integer().value_or(end - body["time"].as_integer().value_or(0));
  if (end < start) refuse("An interval cannot end before it starts");
  entry.start = start;
  entry.end = end;
  entry.at = call.now();
}

Answer track_time(Call& call) {
  const Task& task = call.task();
  TimeEntry entry;
  read(call, entry);
  entry.id = "4621003218" + call.world.new_number();
  entry.team_id = call.world.team_of(task).id;
  entry.task_id = task.id;
  entry.user = call.user_id();
  entry.history = Value::array();
  const TimeEntry& added = call.world.time_entries.add(std::move(entry));
  time_changed(call, added, "Created");
  return reply([&](Writer& w) { w.text("id", added.id); });
}

TimeEntry& interval_of(const Call& call) {
  const Task& task = call.task();
  TimeEntry* entry = call.world.time_entries.live(call.path("interval_id"));
  if (entry == nullptr || entry->task_id != task.id) refuse_unknown();
  return *entry;
}

Answer edit_time(Call& call) {
  TimeEntry& entry = interval_of(call);
  read(call, entry);
  time_changed(call, entry, "Updated");
  return done();
}

Answer delete_time(Call& call) {
  TimeEntry& entry = interval_of(call);
  entry.deleted = true;
  time_changed(call, entry, "Deleted");
  return done();
}

}  // namespace

void add_time_legacy_routes(Router& router) {
  constexpr std::string_view kBody = "start: date, end: date, time: duration";
  router.add("GET", "/v2/task/{task_id}/time", tracked_time).query(kTaskId);
  router.add("POST", "/v2/task/{task_id}/time", track_time).query(kTaskId).body(kBody);
  router.add("PUT", "/v2/task/{task_id}/time/{interval_id}", edit_time).query(kTaskId).body(kBody);
  router.add("DELETE", "/v2/task/{task_id}/time/{interval_id}", delete_time).query(kTaskId);
}

}  // namespace engine::clickup::sandbox
