// Time entries and timers.
#include <algorithm>

#include "core/value/number.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/resources/time_tags.h"
#include "nodes/clickup/sandbox/wire/time_entry.h"

namespace engine::clickup::sandbox {
namespace {

bool may_see_all(const Call& call, Team& team) {
  return call.membership(team).role <= kAdmin;
}

void refuse_others() {
  throw Refusal(403, "Only owners and admins may see or change the time of others",
                "TIMEENTRY_001");
}

/// Whose entries are asked for: the caller's unless `assignee` names others.
std::vector<UserId> wanted_users(const Call& call, Team& team) {
  const auto given = call.query("assignee");
  if (!given) return {call.user_id()};
  std::vector<UserId> users;
  for (std::size_t begin = 0; begin <= given->size();) {
    const std::size_t end = std::min(given->find(',', begin), given->size());
    const Value id = given->substr(begin, end - begin);
    users.push_back(call.member(team, id));
    if (users.back() != call.user_id() && !may_see_all(call, team)) refuse_others();
    begin = end + 1;
  }
  return users;
}

/// At most one place may be asked for.
struct Location {
  std::string_view name;
  std::string id;
};

Location location_of(const Call& call) {
  Location location;
  for (const char* name : {"space_id", "folder_id", "list_id", "task_id"}) {
    const auto id = call.query(name);
    if (!id) continue;
    if (!location.name.empty()) refuse("Only one location filter can be used at a time");
    location = {name, std::string(*id)};
  }
  return location;
}

bool is_at(World& world, const TimeEntry& entry, const Location& location) {
  if (location.name.empty()) return true;
  const Task* task = world.tasks.find(entry.task_id);
  if (task == nullptr) return false;
  const List& list = world.list_of(*task);
  if (location.name == "task_id") return task->id == location.id;
  if (location.name == "list_id") return list.id == location.id;
  return (location.name == "folder_id" ? list.folder_id : list.space_id) == location.id;
}

Answer shown(Call& call, const std::vector<const TimeEntry*>& entries) {
  const bool tags = call.query_flag("include_task_tags");
  const bool names = call.query_flag("include_location_names");
  return reply([&](Writer& w) {
    w.array("data", [&] {
      for (const TimeEntry* one : entries) write_time_entry(w, call.world, *one, tags, names);
    });
  });
}

Answer one_entry(Call& call, const TimeEntry& entry) {
  return reply([&](Writer& w) {
    w.key("data");
    write_time_entry(w, call.world, entry, true, true);
  });
}

Answer list_entries(Call& call) {
  constexpr Ms kDefaultRange = 30LL * 86'400'000;
  Team& team = call.team();
  constexpr Ms kLatestEnd = 100'000'000'000'000;
  const Ms end = std::clamp<Ms>(call.query_integer("end_date").value_or(call.now()), 0, kLatestEnd);
  const Ms start = call.query_integer("start_date").value_or(end - kDefaultRange);
  const auto users = wanted_users(call, team);
  const Location location = location_of(call);
  const bool any_billing = !call.query("is_billable").has_value();
  const bool billable = call.query_flag("is_billable");
  std::vector<const TimeEntry*> found;
  for (const TimeEntry& entry : call.world.time_entries) {
    const bool wanted = !entry.deleted && entry.team_id == team.id && entry.start >= start &&
                        entry.start <= end && (any_billing || entry.billable == billable) &&
                        std::find(users.begin(), users.end(), entry.user) != users.end();
    if (wanted && is_at(call.world, entry, location)) found.push_back(&entry);
  }
  std::reverse(found.begin(), found.end());
  return shown(call, found);
}

TimeEntry& entry_of(const Call& call, const Team& team) {
  TimeEntry* entry = call.world.time_entries.live(call.path("timer_id"));
  if (entry == nullptr || entry->team_id != team.id) refuse_unknown();
  return *entry;
}

/// The member `tid`, resolved; refuses a task that cannot be tracked.
std::string task_id_of(const Call& call) {
  const View tid = call.body.View::operator[]("tid");
  if (!tid.given() || tid.as_string().empty()) return "";
  const Task& task = call.task(tid.as_string());
  if (task.archived) refuse("Cannot track time for this task", "TIMEENTRY_072");
  return task.id;
}

TimeEntry new_entry(const Call& call, const Team& team) {
  TimeEntry entry;
  entry.id = "4621003218" + call.world.new_number();
  entry.team_id = team.id;
  entry.task_id = task_id_of(call);
  entry.user = call.user_id();
  entry.description = call.body["description"].as_string();
  entry.billable = call.body["billable"].as_bool();
  entry.start = call.now();
  entry.at = call.now();
  entry.tags = time_tags_of(call, call.body["tags"]);
  entry.history = Value::array();
  return entry;
}

Answer create_entry(Call& call) {
  Team& team = call.team();
  const View body = call.body;
  TimeEntry entry = new_entry(call, team);
  if (body["assignee"].given()) entry.user = call.member(team, body["assignee"]);
  if (entry.user != call.user_id() && !may_see_all(call, team)) refuse_others();
  entry.start = body["start"].as_integer().value_or(0);
  const View end = body["stop"].given() ? body["stop"] : body["end"];
  if (!end.given() && !body["duration"].given()) refuse("Give 'duration' or 'stop'");
  entry.end = end.given() ? *end.as_integer() : entry.start + *body["duration"].as_integer();
  if (*entry.end < entry.start) refuse("A time entry cannot end before it starts");
  const TimeEntry& added = call.world.time_entries.add(std::move(entry));
  time_changed(call, added, "Created");
  return one_entry(call, added);
}

TimeEntry* running(World& world, const Team& team, UserId user) {
  for (TimeEntry& entry : world.time_entries) {
    if (!entry.deleted && !entry.end && entry.team_id == team.id && entry.user == user) {
      return &entry;
    }
  }
  return nullptr;
}

void stop(Call& call, TimeEntry& entry) {
  entry.end = call.now();
  entry.at = call.now();
  time_changed(call, entry, "Created");
}

Answer start_timer(Call& call) {
  const Team& team = call.team();
  TimeEntry entry = new_entry(call, team);
  if (TimeEntry* other = running(call.world, team, call.user_id())) stop(call, *other);
  return one_entry(call, call.world.time_entries.add(std::move(entry)));
}

Answer stop_timer(Call& call) {
  TimeEntry* entry = running(call.world, call.team(), call.user_id());
  if (entry == nullptr) refuse("No timer is running");
  stop(call, *entry);
  return one_entry(call, *entry);
}

Answer current_timer(Call& call) {
  Team& team = call.team();
  const TimeEntry* entry = running(call.world, team, wanted_users(call, team).front());
  if (entry != nullptr) return one_entry(call, *entry);
  return reply([](Writer& w) { w.null("data"); });
}

Answer read_entry(Call& call) {
  return shown(call, {&entry_of(call, call.team())});
}

void note(Call& call, TimeEntry& entry, const char* field, const Value& before,
          const Value& after) {
  std::vector<Value> items;
  for (const View item : entry.history.elements()) items.push_back(entry.history.share(item));
  items.push_back(make_object([&](Writer& w) {
    w.text("id", call.world.new_number());
    w.text("field", field);
    w.value("before", before);
    w.value("after", after);
    w.date("date", call.now());
    w.integer("user", call.user_id());
  }));
  entry.history = Value::array(items);
}

void change_tags(const Call& call, TimeEntry& entry) {
  const View tags = call.body.View::operator[]("tags");
  if (!tags.is_array()) return;
  const std::string action(call.body["tag_action"].as_string("replace"));
  if (action != "replace" && action != "add" && action != "remove") {
    refuse("tag_action must be replace, add or remove");
  }
  const auto given = time_tags_of(call, tags);
  if (action == "replace") entry.tags.clear();
  for (const Tag& tag : given) {
    std::erase_if(entry.tags, [&](const Tag& one) { return one.name == tag.name; });
    if (action != "remove") entry.tags.push_back(tag);
  }
}

void change_range(Call& call, TimeEntry& entry) {
  const View body = call.body;
  if (body["start"].given() != body["end"].given()) refuse("'start' and 'end' go together");
  const Ms start = body["start"].as_integer().value_or(entry.start);
  std::optional<Ms> end = entry.end;
  if (body["end"].given())
    end = body["end"].as_integer();
  else if (const auto duration = body["duration"].as_integer())
    end = start + *duration;
  if (end && *end < start) refuse("A time entry cannot end before it starts");
  if (start != entry.start)
    note(call, entry, "start", std::to_string(entry.start), std::to_string(start));
  if (end && end != entry.end) note(call, entry, "end", nullptr, std::to_string(*end));
  entry.start = start;
  entry.end = end;
}

Answer update_entry(Call& call) {
  Team& team = call.team();
  TimeEntry& entry = entry_of(call, team);
  if (entry.user != call.user_id() && !may_see_all(call, team)) refuse_others();
  const std::string old_task = entry.task_id;
  const View body = call.body;
  if (!body["tid"].missing()) entry.task_id = task_id_of(call);
  change_range(call, entry);
  change_tags(call, entry);
  if (body["description"].is_string()) entry.description = body["description"].as_string();
  if (body["billable"].is_boolean()) entry.billable = body["billable"].as_bool();
  entry.at = call.now();
  if (old_task != entry.task_id) call.world.count_time(old_task);
  time_changed(call, entry, "Updated");
  return shown(call, {&entry});
}

Answer delete_entry(Call& call) {
  Team& team = call.team();
  TimeEntry& entry = entry_of(call, team);
  if (entry.user != call.user_id() && !may_see_all(call, team)) refuse_others();
  entry.deleted = true;
  time_changed(call, entry, "Deleted");
  return shown(call, {&entry});
}

Answer entry_history(Call& call) {
  const TimeEntry& entry = entry_of(call, call.team());
  return reply([&](Writer& w) { w.value("data", entry.history); });
}

}  // namespace

void add_time_entry_routes(Router& router) {
  constexpr std::string_view kShown =
      "include_task_tags, include_location_names, include_approval_history, "
      "include_approval_details";
  constexpr std::string_view kTags = "tags: [{name*: text, tag_fg: text, tag_bg: text}]";
  const std::string common =
      std::string(kTags) + ", description: text, tid: text?, billable: boolean";
  const std::string path = "/v2/team/{team_id}/time_entries";
  router.add("GET", path, list_entries)
      .query(kShown)
      .query("start_date, end_date, assignee, space_id, folder_id, list_id, task_id, is_billable")
      .query(kTaskId);
  router.add("POST", path, create_entry)
      .query(kTaskId)
      .body(common + ", start*: date, stop: date, end: date, duration: duration, assignee: id");
  router.add("POST", path + "/start", start_timer).query(kTaskId).body(common);
  router.add("POST", path + "/stop", stop_timer);
  router.add("GET", path + "/current", current_timer).query("assignee");
  router.add("GET", path + "/{timer_id}", read_entry).query(kShown);
  router.add("PUT", path + "/{timer_id}", update_entry)
      .query(kTaskId)
      .body(common + ", tag_action: text, start: date, end: date, duration: duration");
  router.add("DELETE", path + "/{timer_id}", delete_entry);
  router.add("GET", path + "/{timer_id}/history", entry_history);
}

}  // namespace engine::clickup::sandbox
