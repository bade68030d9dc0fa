#include <array>
#include <utility>

#include "core/store/store.h"

namespace engine::store {
namespace {

constexpr std::array<std::pair<Status, std::string_view>, 6> kStatuses{{
    {Status::running, "running"},
    {Status::waiting, "waiting"},
    {Status::success, "success"},
    {Status::failed, "failed"},
    {Status::cancelled, "cancelled"},
    {Status::crashed, "crashed"},
}};

}  // namespace

std::string_view to_string(Status status) {
  for (const auto& [value, name] : kStatuses) {
    if (value == status) return name;
  }
  return "running";
}

std::optional<Status> parse_status(std::string_view text) {
  for (const auto& [value, name] : kStatuses) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace engine::store
