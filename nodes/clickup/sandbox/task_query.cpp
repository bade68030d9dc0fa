#include "nodes/clickup/sandbox/task_query.h"

#include <algorithm>
#include <iterator>

#include "core/value/number.h"

namespace engine::clickup::sandbox {
namespace {

bool any_of(const std::vector<std::string>& wanted, std::string_view value) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& one) { return same_name(one, value); });
}

bool any_of(const std::vector<std::string>& wanted, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& value) { return any_of(wanted, value); });
}

bool any_of(const std::vector<std::string>& wanted, const std::vector<UserId>& users) {
  return std::any_of(users.begin(), users.end(),
                     [&](UserId user) { return any_of(wanted, std::to_string(user)); });
}

std::string read_order(const Call& call) {
  std::string order(call.query("order_by").value_or("created"));
  for (const char* known : {"id", "created", "updated", "due_date"}) {
    if (order == known) return order;
  }
  throw Refusal(500, "Invalid order_by: " + order, "ITEMV2_003");
}

std::optional<Ms> date_of(const Call& call, const std::string& name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  const auto date = parse_integer(*text);
  if (!date) refuse("Date invalid: '" + name + "' must be milliseconds since 1970", "INPUT_006");
  return date;
}

}  // namespace

TaskQuery::TaskQuery(const Call& call)
    : world_(call.world),
      order_by_(read_order(call)),
      reverse_(call.query_flag("reverse")),
      subtasks_(call.query_flag("subtasks")),
      include_closed_(call.query_flag("include_closed")),
      archived_(call.query_flag("archived")),
      markdown_(call.query_flag("include_markdown_description")),
      statuses_(call.query_list("statuses[]")),
      tags_(call.query_list("tags[]")),
      assignees_(call.query_list("assignees[]")),
      watchers_(call.query_list("watchers[]")),
      types_(call.query_list("custom_items[]")),
      space_ids_(call.query_list("space_ids[]")),
      folder_ids_(call.query_list("project_ids[]")),
      list_ids_(call.query_list("list_ids[]")) {
  const std::int64_t page = call.query_integer("page").value_or(0);
  if (page < 0) refuse("'page' must be 0 or more");
  page_ = static_cast<std::size_t>(page);
  if (const auto parent = call.query("parent")) parent_ = *parent;
  read_dates(call);
  for (const char* name : {"custom_fields", "custom_field"}) {
    const auto json = call.query(name);
    if (!json) continue;
    auto filters = FieldFilter::parse(world_, *json);
    std::move(filters.begin(), filters.end(), std::back_inserter(fields_));
  }
}

void TaskQuery::read_dates(const Call& call) {
  struct Named {
    std::string name;
    DateRange range;
  };
  const Named kDates[] = {{"due_date", {&Task::due_date, nullptr, {}, {}}},
                          {"date_done", {&Task::date_done, nullptr, {}, {}}},
                          {"date_created", {nullptr, &Task::date_created, {}, {}}},
                          {"date_updated", {nullptr, &Task::date_updated, {}, {}}}};
  for (Named named : kDates) {
    named.range.after = date_of(call, named.name + "_gt");
    named.range.before = date_of(call, named.name + "_lt");
    if (named.range.after || named.range.before) dates_.push_back(named.range);
  }
}

bool TaskQuery::DateRange::matches(const Task& task) const {
  const std::optional<Ms> value = date != nullptr ? task.*date : task.*optional_date;
  return value && (!after || *value > *after) && (!before || *value < *before);
}

bool TaskQuery::matches_lists(const Task& task) const {
  const List& list = world_.list_of(task);
  return (space_ids_.empty() || any_of(space_ids_, list.space_id)) &&
         (folder_ids_.empty() || any_of(folder_ids_, list.folder_id)) &&
         (list_ids_.empty() || any_of(list_ids_, list.id));
}

bool TaskQuery::matches(const Task& task) const {
  if (task.deleted || task.archived != archived_) return false;
  if (parent_ ? task.parent != *parent_ : (!subtasks_ && !task.parent.empty())) return false;
  if (!include_closed_ && task.date_closed) return false;
  if (!statuses_.empty() && !any_of(statuses_, world_.status_of(task).name)) return false;
  if (!assignees_.empty() && !any_of(assignees_, task.assignees)) return false;
  if (!watchers_.empty() && !any_of(watchers_, task.watchers)) return false;
  if (!tags_.empty() && !any_of(tags_, task.tags)) return false;
  if (!types_.empty() && !any_of(types_, std::to_string(task.type))) return false;
  if (!matches_lists(task)) return false;
  const auto in_range = [&](const DateRange& range) { return range.matches(task); };
  if (!std::all_of(dates_.begin(), dates_.end(), in_range)) return false;
  return std::all_of(fields_.begin(), fields_.end(),
                     [&](const FieldFilter& filter) { return filter.matches(task); });
}

void TaskQuery::sort(std::vector<const Task*>& tasks) const {
  // Candidates come oldest first. Stable, so that equal ones keep newest first.
  std::reverse(tasks.begin(), tasks.end());
  const auto by = [&](auto key) {
    std::stable_sort(tasks.begin(), tasks.end(),
                     [&](const Task* a, const Task* b) { return key(*a) > key(*b); });
  };
  if (order_by_ == "created") by([](const Task& task) { return task.date_created; });
  if (order_by_ == "updated") by([](const Task& task) { return task.date_updated; });
  if (order_by_ == "due_date") by([](const Task& task) { return task.due_date.value_or(0); });
  if (order_by_ == "id") by([](const Task& task) { return std::string_view(task.id); });
  if (reverse_) std::reverse(tasks.begin(), tasks.end());
}

TaskQuery::Page TaskQuery::page_of(const std::vector<const Task*>& candidates) const {
  std::vector<const Task*> found;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(found),
               [&](const Task* task) { return matches(*task); });
  sort(found);
  const std::size_t begin =
      page_ > found.size() / kTasksPerPage ? found.size() : page_ * kTasksPerPage;
  const std::size_t end = std::min(begin + kTasksPerPage, found.size());
  Page page;
  page.tasks.assign(found.begin() + static_cast<std::ptrdiff_t>(begin),
                    found.begin() + static_cast<std::ptrdiff_t>(end));
  page.last = end == found.size();
  return page;
}

}  // namespace engine::clickup::sandbox
