#include "core/trigger/router.h"

#include <algorithm>

namespace engine::trigger {
namespace {

bool is_param(const std::string& segment) {
  return !segment.empty() && segment[0] == ':';
}

std::string shape_of(const std::vector<std::string>& segments, const std::vector<bool>& params) {
  std::string key;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    key += '/';
    // A decoded segment may hold a slash or begin with a colon; neither may look like a shape.
    key += params[i] ? ":" : http::percent_encode(segments[i]);
  }
  return key;
}

bool has(const std::vector<std::string>& methods, std::string_view method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) segments.push_back(http::percent_decode(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

const TriggerNode* Router::add(RouteEntry entry) {
  std::vector<bool> params;
  for (const std::string& segment : entry.segments) params.push_back(is_param(segment));
  std::vector<std::size_t>& same = by_shape_[shape_of(entry.segments, params)];
  for (const std::size_t other : same) {
    for (const std::string& method : entry.methods) {
      if (has(entries_[other].methods, method)) return entries_[other].node.get();
    }
  }
  if (std::find(shapes_.begin(), shapes_.end(), params) == shapes_.end()) {
    shapes_.push_back(params);
    std::stable_sort(shapes_.begin(), shapes_.end(), [](const auto& a, const auto& b) {
      return std::count(a.begin(), a.end(), true) < std::count(b.begin(), b.end(), true);
    });
  }
  same.push_back(entries_.size());
  entries_.push_back(std::move(entry));
  return nullptr;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string> segments = split_path(path);
  Match match;
  for (const std::vector<bool>& params : shapes_) {
    if (params.size() != segments.size()) continue;
    const auto found = by_shape_.find(shape_of(segments, params));
    if (found == by_shape_.end()) continue;
    for (const std::size_t index : found->second) {
      const RouteEntry& entry = entries_[index];
      if (!has(entry.methods, method)) {
        match.allowed.insert(match.allowed.end(), entry.methods.begin(), entry.methods.end());
        continue;
      }
      match.entry = &entry;
      for (std::size_t i = 0; i < segments.size(); ++i) {
        if (params[i]) match.params.emplace_back(entry.segments[i].substr(1), segments[i]);
      }
      return match;
    }
  }
  return match;
}

}  // namespace engine::trigger
