#include "nodes/clickup/task_changes.h"

#include <algorithm>

#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::clickup {
namespace {

constexpr std::size_t kPerPage = 100;
constexpr int kMostPages = 100;

/// Dates are milliseconds, as a text or a number.
std::int64_t date_in(View date) {
  return parse_integer(to_text(date)).value_or(0);
}

ChangedTask changed(const Value& task) {
  return {to_text(task["id"]), date_in(task["date_created"]), date_in(task["date_updated"]), task};
}

std::string query_of(const TriggerSettings& settings, std::int64_t after_ms, int page) {
  std::vector<std::pair<std::string, std::string>> query = {
      {"order_by", "updated"},
      {"reverse", "true"},
      {"subtasks", "true"},
      {"include_closed", "true"},
      {"date_updated_gt", std::to_string(after_ms)},
      {"page", std::to_string(page)}};
  const WebhookLocation& place = settings.location;
  if (place.kind == "space_id") query.emplace_back("space_ids[]", place.id);
  if (place.kind == "folder_id") query.emplace_back("project_ids[]", place.id);
  if (place.kind == "list_id") query.emplace_back("list_ids[]", place.id);
  return http::encode_query(query);
}

}  // namespace

std::vector<ChangedTask> tasks_changed_after(Service& service, const TriggerSettings& settings,
                                             std::int64_t after_ms) {
  std::vector<ChangedTask> found;
  if (settings.location.kind == "task_id") {
    found.push_back(changed(service.get("/v2/task/" + http::percent_encode(settings.location.id))));
  } else {
    const std::string path = "/v2/team/" + http::percent_encode(settings.team) + "/task?";
    for (int page = 0; page < kMostPages; ++page) {
      const Value answer = service.get(path + query_of(settings, after_ms, page));
      const Value tasks = answer["tasks"];
      for (std::size_t i = 0; i < tasks.size(); ++i) found.push_back(changed(tasks[i]));
      if (tasks.size() < kPerPage || answer["last_page"].as_bool()) break;
    }
  }
  std::erase_if(found, [&](const ChangedTask& task) { return task.updated_ms <= after_ms; });
  std::stable_sort(found.begin(), found.end(), [](const ChangedTask& a, const ChangedTask& b) {
    return a.updated_ms < b.updated_ms;
  });
  return found;
}

std::string_view event_of(const ChangedTask& task, std::int64_t since_ms) {
  return task.created_ms > since_ms ? "taskCreated" : "taskUpdated";
}

Item item_of(const ChangedTask& task, std::string_view event, const std::string& team) {
  return {Value::object({{"event", event},
                         {"task_id", task.id},
                         {"team_id", team},
                         {"history_items", Value::array()},
                         {"task", task.task}}),
          {},
          Origin()};
}

}  // namespace engine::clickup
