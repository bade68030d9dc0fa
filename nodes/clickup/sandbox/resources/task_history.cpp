// Time in status, and merging tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/nesting.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

void write_span(Writer& w, const StatusSpan& span, Ms end, bool with_order) {
  constexpr Ms kMinute = 60'000;
  w.text("status", span.status.name);
  w.text("color", span.status.color);
  if (with_order) w.text("type", span.status.type);
  w.object("total_time", [&] {
    w.integer("by_minute", std::max<Ms>(0, (end - span.since) / kMinute));
    w.date("since", span.since);
  });
  if (with_order) w.integer("orderindex", span.orderindex);
}

void write_time_in_status(Writer& w, const Task& task, Ms now) {
  const auto& spans = task.status_history;
  w.object("current_status", [&] { write_span(w, spans.back(), now, false); });
  w.array("status_history", [&] {
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const Ms end = i + 1 < spans.size() ? spans[i + 1].since : now;
      w.object([&] { write_span(w, spans[i], end, true); });
    }
  });
}

Answer time_in_status(Call& call) {
  const Task& task = call.task();
  return reply([&](Writer& w) { write_time_in_status(w, task, call.now()); });
}

Answer bulk_time_in_status(Call& call) {
  std::vector<std::string> ids = call.query_list("task_ids");
  for (const std::string& id : call.query_list("task_ids[]")) ids.push_back(id);
  constexpr std::size_t kMost = 100;
  if (ids.empty()) refuse("'task_ids' is required");
  if (ids.size() > kMost) refuse("At most 100 task ids are allowed");
  std::vector<const Task*> tasks;
  for (const std::string& id : ids) tasks.push_back(&call.task(id));
  return reply([&](Writer& w) {
    for (const Task* task : tasks) {
      w.object(task->id, [&] { write_time_in_status(w, *task, call.now()); });
    }
  });
}

template <typename T>
void unite(std::vector<T>& into, const std::vector<T>& from) {
  for (const T& one : from) {
    if (std::find(into.begin(), into.end(), one) == into.end()) into.push_back(one);
  }
}

/// A subtask that would be nested too deeply becomes a task of its own.
void adopt(World& world, const Task& target, Task& child) {
  const auto parent_of = [&](const std::string& above) { return world.tasks.find(above)->parent; };
  const auto children_of = [&](const Task& above) { return world.subtasks_of(above); };
  const std::size_t depth = depth_below(target.id, parent_of) + height_of(child, children_of);
  world.set_parent(child, depth > kDeepestSubtask ? std::string() : target.id);
}

void absorb(Call& call, Task& target, Task& source) {
  unite(target.tags, source.tags);
  unite(target.assignees, source.assignees);
  unite(target.watchers, source.watchers);
  for (Checklist& one : source.checklists) target.checklists.push_back(std::move(one));
  source.checklists.clear();
  const auto comments = call.world.comments_of(CommentParent::task, source.id);
  for (Comment* one : comments) {
    if (one->deleted) continue;
    Comment moved = *one;
    one->deleted = true;
    moved.id = "90110" + call.world.new_number();
    moved.parent_id = target.id;
    call.world.add_comment(std::move(moved));
  }
  for (TimeEntry& entry : call.world.time_entries) {
    if (entry.task_id == source.id) entry.task_id = target.id;
  }
  for (Attachment& one : call.world.attachments) {
    if (one.parent_type == "tasks" && one.parent_id == source.id) one.parent_id = target.id;
  }
  for (Task* child : call.world.subtasks_of(source)) adopt(call.world, target, *child);
  source.deleted = true;
  tell_task(call, source, "taskDeleted", {});
}

bool is_below(const World& world, const Task& task, const Task& top) {
  for (const Task* one = &task; one != nullptr; one = world.tasks.find(one->parent)) {
    if (one == &top) return true;
  }
  return false;
}

/// The subtasks of a source become those of the target, so the target must not be one of them.
void check_merge(const Call& call, const Task& target, const Task& source) {
  if (&source == &target) refuse("A task cannot be merged into itself");
  if (is_below(call.world, target, source)) refuse("A task cannot be merged into its subtask");
}

Answer merge(Call& call) {
  Task& target = call.task();
  std::vector<Task*> sources;
  for (const View id : call.body.View::operator[]("source_task_ids").elements()) {
    Task& source = call.task(id.as_string());
    check_merge(call, target, source);
    if (std::find(sources.begin(), sources.end(), &source) == sources.end()) {
      sources.push_back(&source);
    }
  }
  if (sources.empty()) refuse("source_task_ids must name at least one task");
  for (Task* source : sources) absorb(call, target, *source);
  call.world.count_time(target.id);
  target.date_updated = call.now();
  tell_task(call, target, "taskUpdated", {});
  return done();
}

}  // namespace

void add_task_history_routes(Router& router) {
  router.add("GET", "/v2/task/{task_id}/time_in_status", time_in_status).query(kTaskId);
  router.add("GET", "/v2/task/bulk_time_in_status/task_ids", bulk_time_in_status)
      .query(kTaskId)
      .query("task_ids, task_ids[]");
  router.add("POST", "/v2/task/{task_id}/merge", merge).body("source_task_ids*: [text]");
}

}  // namespace engine::clickup::sandbox
