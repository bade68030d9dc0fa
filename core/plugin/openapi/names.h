// Names as the engine writes them, from names as documents have them.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace engine::plugin::openapi {

/// "getTasksByID", "X-Request-Id" and "filter[status]" as "get_tasks_by_id", "x_request_id" and
/// "filter_status"; `fallback` when nothing is left.
std::string snake_case(std::string_view name, std::string_view fallback);

/// "create_task" as "Create task".
std::string title_case(std::string_view snake);

/// Gives each name once: "a", "a_2", …
class UniqueNames {
 public:
  std::string take(const std::string& wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace engine::plugin::openapi
