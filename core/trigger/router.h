// Which trigger a request is for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/trigger/trigger_node.h"

namespace engine::trigger {

struct RouteEntry {
  std::vector<std::string> segments;  ///< of the whole path; ":name" takes any text
  std::vector<std::string> methods;
  std::size_t max_body_bytes = 0;
  std::shared_ptr<TriggerNode> node;
};

/// Filled once, then frozen and shared by threads.
class Router {
 public:
  /// The node that answers the same requests already, or null when the entry was added.
  const TriggerNode* add(RouteEntry entry);

  struct Match {
    const RouteEntry* entry = nullptr;  ///< null: no such path, or none for this method
    std::vector<std::pair<std::string, std::string>> params;
    std::vector<std::string> allowed;  ///< methods, when only the method does not fit
  };
  /// `path` is percent-encoded. Fixed segments win over `:params`.
  Match find(std::string_view method, std::string_view path) const;

  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<RouteEntry> entries_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_shape_;  // params as ":"
  std::vector<std::vector<bool>> shapes_;  // which segments are params, those with fewest first
};

/// "/a//b/" gives "a", "b": decoded.
std::vector<std::string> split_path(std::string_view path);

}  // namespace engine::trigger
