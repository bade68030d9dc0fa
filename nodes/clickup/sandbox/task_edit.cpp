#include "nodes/clickup/sandbox/task_edit.h"

#include <algorithm>

#include "core/value/json.h"
#include "nodes/clickup/sandbox/nesting.h"
#include "nodes/clickup/sandbox/wire/field_value.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

template <typename T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

Value tags_value(World& world, Space& space, const std::string& name) {
  Writer w;
  w.array([&] {
    if (const Tag* tag = world.tag(space, name)) write_tag(w, *tag);
  });
  return w.finish();
}

/// A text as Quill's editor keeps it, which is how histories show descriptions.
Value delta_of(const std::string& text) {
  if (text.empty()) return nullptr;
  return print_json(
      Value::object({{"ops", Value::array({Value::object({{"insert", text + "\n"}})})}}));
}

}  // namespace

std::string plain_text(std::string_view markdown) {
  std::string text;
  bool line_start = true;
  for (const char c : markdown) {
    const bool mark = c == '*' || c == '`' || (line_start && (c == '#' || c == '>'));
    const bool gap = line_start && c == ' ';
    if (!mark && !gap) text += c;
    line_start = c == '\n' || (line_start && (mark || gap));
  }
  return text;
}

TaskEdit::TaskEdit(const Call& call, Task draft)
    : call_(call), world_(call.world), task_(std::move(draft)), list_(call.world.list_of(task_)) {}

void TaskEdit::note(std::string event, Change change) {
  told_.push_back({std::move(event), std::move(change)});
}

void TaskEdit::watch(UserId user) {
  if (!contains(task_.watchers, user)) task_.watchers.push_back(user);
}

void TaskEdit::name(View value) {
  if (value.missing()) return;
  const std::string name(value.as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("Task name invalid");
  if (name != task_.name) note("taskUpdated", {"name", task_.name, name});
  task_.name = name;
}

void TaskEdit::description(View text, View markdown) {
  if (text.missing() && markdown.missing()) return;
  const std::string before = task_.text;
  if (markdown.is_string()) {
    task_.markdown = markdown.as_string();
    task_.text = plain_text(task_.markdown);
  } else {
    task_.text = text.as_string();
    if (task_.text == " ") task_.text.clear();  // how it is cleared
    task_.markdown = task_.text;
  }
  if (task_.text != before) {
    note("taskUpdated", {"content", delta_of(before), delta_of(task_.text)});
  }
}

void TaskEdit::status(std::string_view name, const char* code) {
  const Status* found = world_.status(list_, name);
  if (found == nullptr) {
    refuse(code == std::string_view("CRTSK_001") ? "Status not found" : "Status does not exist",
           code);
  }
  if (same_name(task_.status, found->name)) return;
  const Value before = status_change(world_, task_);
  task_.status = found->name;
  task_.status_history.push_back(
      {*found, index_of(world_.statuses_of(list_), *found), call_.now()});
  const bool closed = found->type == "closed";
  const bool finished = closed || found->type == "done";
  task_.date_closed = closed ? std::optional(call_.now()) : std::nullopt;
  task_.date_done = finished ? std::optional(call_.now()) : std::nullopt;
  const Value data = Value::object({{"status_type", found->type}});
  note("taskStatusUpdated", {"status", before, status_change(world_, task_), data});
}

void TaskEdit::priority(View value) {
  if (value.missing()) return;
  const auto number = value.as_integer();
  if (number && (*number < 1 || *number > 4)) refuse("Priority must be 1 to 4, or null");
  const Value before = priority_value(task_.priority);
  task_.priority = number ? std::optional(static_cast<int>(*number)) : std::nullopt;
  const Value after = priority_value(task_.priority);
  if (!before.equals(after)) note("taskPriorityUpdated", {"priority", before, after});
}

void TaskEdit::date(std::optional<Ms> Task::*member, bool Task::*time_member, View date,
                    View with_time, const char* field, const char* event) {
  const bool old_time = task_.*time_member;
  if (with_time.is_boolean()) task_.*time_member = with_time.as_bool();
  if (date.missing()) return;
  const std::optional<Ms> before = task_.*member;
  task_.*member = date.as_integer();
  if (before == task_.*member) return;
  const std::string name(field);
  const Value data =
      Value::object({{name + "_time", task_.*time_member}, {"old_" + name + "_time", old_time}});
  note(event, {name, date_change(before), date_change(task_.*member), data});
}

void TaskEdit::due_date(View date_value, View with_time) {
  date(&Task::due_date, &Task::due_date_time, date_value, with_time, "due_date",
       "taskDueDateUpdated");
}

void TaskEdit::start_date(View date_value, View with_time) {
  date(&Task::start_date, &Task::start_date_time, date_value, with_time, "start_date",
       "taskUpdated");
}

void TaskEdit::time_estimate(View value) {
  if (value.missing()) return;
  const std::optional<Ms> before = task_.time_estimate;
  task_.time_estimate = value.as_integer();
  if (before == task_.time_estimate) return;
  note("taskTimeEstimateUpdated",
       {"time_estimate", date_change(before), date_change(task_.time_estimate),
        estimate_change(task_.time_estimate, task_.estimates_by_user)});
}

void TaskEdit::points(View value) {
  if (value.missing()) return;
  const auto old = task_.points;
  task_.points = value.as_number();
  if (old == task_.points) return;
  const auto shown = [](std::optional<double> p) { return p ? Value(*p) : Value(nullptr); };
  note("taskUpdated", {"points", shown(old), shown(task_.points)});
}

void TaskEdit::type(View custom_item_id) {
  if (custom_item_id.missing()) return;
  const std::int64_t id = custom_item_id.as_integer().value_or(0);
  const auto& known = world_.team_of(task_).task_types;
  const bool exists = id == 0 || id == 1 ||
                      std::any_of(known.begin(), known.end(),
                                  [&](const CustomTaskType& one) { return one.id == id; });
  if (!exists) refuse("Custom task type " + std::to_string(id) + " not found");
  if (id != task_.type) note("taskUpdated", {"custom_type", Value(task_.type), Value(id)});
  task_.type = id;
}

void TaskEdit::archived(View value) {
  if (!value.is_boolean() || value.as_bool() == task_.archived) return;
  task_.archived = value.as_bool();
  note("taskUpdated", {"archived", Value(!task_.archived), Value(task_.archived)});
}

void TaskEdit::assignees(View change) {
  const Team& team = world_.team_of(task_);
  const auto added = call_.members(team, change["add"]);
  const auto removed = call_.members(team, change["rem"]);
  for (const UserId user : removed) {
    if (std::erase(task_.assignees, user) == 0) continue;
    note("taskAssigneeUpdated", {"assignee_rem", user_change(world_, user), nullptr});
  }
  for (const UserId user : added) {
    if (contains(task_.assignees, user)) continue;
    task_.assignees.push_back(user);
    watch(user);
    note("taskAssigneeUpdated", {"assignee_add", nullptr, user_change(world_, user)});
  }
}

void TaskEdit::watchers(View change) {
  const Team& team = world_.team_of(task_);
  for (const UserId user : call_.members(team, change["add"])) watch(user);
  for (const UserId user : call_.members(team, change["rem"])) std::erase(task_.watchers, user);
  touched_ = touched_ || change.size() > 0;
}

void TaskEdit::groups(View change) {
  for (const View id : change["add"].elements()) {
    const std::string group(id.as_string());
    if (world_.groups.live(group) == nullptr) refuse("User group '" + group + "' not found");
    if (!contains(task_.groups, group)) task_.groups.push_back(group);
    touched_ = true;
  }
  for (const View id : change["rem"].elements()) {
    touched_ = std::erase(task_.groups, std::string(id.as_string())) > 0 || touched_;
  }
}

void TaskEdit::parent(View id) {
  if (!id.given()) return;
  const Task& parent = call_.task(id.as_string());
  if (parent.list_id != task_.list_id) refuse("Parent not child of list", "ITEM_137");
  for (const Task* above = &parent; above != nullptr; above = world_.tasks.find(above->parent)) {
    if (above->id == task_.id) refuse("A task cannot be its own parent", "ITEM_137");
  }
  if (parent.id == task_.parent) return;
  const auto parent_of = [&](const std::string& above) { return world_.tasks.find(above)->parent; };
  const auto children_of = [&](const Task& above) { return world_.subtasks_of(above); };
  if (depth_below(parent.id, parent_of) + height_of(task_, children_of) > kDeepestSubtask) {
    refuse("Subtasks nest at most " + std::to_string(kDeepestSubtask) + " levels", "ITEM_137");
  }
  note("taskUpdated", {"parent", task_.parent, parent.id});
  task_.parent = parent.id;
}

void TaskEdit::add_tag(std::string_view given) {
  Space& space = world_.space_of(list_);
  const std::string name(given);
  if (name.empty()) refuse("Tag name invalid");
  if (world_.tag(space, name) == nullptr) {
    space.tags.push_back({name, "#ffffff", "#7b68ee", call_.user_id()});
  }
  const std::string& known = world_.tag(space, name)->name;
  if (contains(task_.tags, known)) return;
  task_.tags.push_back(known);
  note("taskTagUpdated", {"tag", nullptr, tags_value(world_, space, known)});
}

void TaskEdit::remove_tag(std::string_view name) {
  Space& space = world_.space_of(list_);
  const auto found = std::find_if(task_.tags.begin(), task_.tags.end(),
                                  [&](const std::string& one) { return same_name(one, name); });
  if (found == task_.tags.end()) return;
  note("taskTagUpdated", {"tag", tags_value(world_, space, *found), nullptr});
  task_.tags.erase(found);
}

void TaskEdit::field(const CustomField& field, const Value& sent) {
  const auto stored = task_.fields.find(field.id);
  const Value before = stored == task_.fields.end() ? Value() : stored->second;
  const Value after = field_value(call_, world_.team_of(task_), field, sent, before);
  if (after.given()) {
    task_.fields[field.id] = after.detached();
  } else {
    task_.fields.erase(field.id);
  }
  Writer definition;
  write_field(definition, field);
  note("taskUpdated", {"custom_field",
                       before.missing() ? Value(nullptr) : before,
                       after,
                       Value::object(),
                       {{"custom_field", definition.finish()}}});
}

Task& TaskEdit::create() {
  task_.id = world_.new_task_id();
  Task& added = world_.add_task(std::move(task_));
  const Value removed = Value::object({{"status", nullptr}, {"type", "removed"}});
  const Value data = Value::object({{"status_type", world_.status_of(added).type}});
  tell_task(call_, added, "taskCreated",
            {{"status", removed, status_change(world_, added), data},
             {"task_creation", nullptr, nullptr}});
  return added;
}

void TaskEdit::finish(Task& task) {
  if (told_.empty() && !touched_) return;
  if (task.parent != task_.parent) world_.set_parent(task, task_.parent);
  task_.date_updated = call_.now();
  task = std::move(task_);
  // Changes of one event travel in one delivery.
  while (!told_.empty()) {
    const std::string event = told_.front().event;
    std::vector<Change> changes;
    for (Told& one : told_) {
      if (one.event == event) changes.push_back(std::move(one.change));
    }
    std::erase_if(told_, [&](const Told& one) { return one.event == event; });
    tell_task(call_, task, event, changes);
  }
}

}  // namespace engine::clickup::sandbox
