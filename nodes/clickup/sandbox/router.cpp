#include "nodes/clickup/sandbox/router.h"

#include <algorithm>

namespace engine::clickup::sandbox {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    std::string_view part = text.substr(begin, end - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    if (!part.empty()) parts.push_back(part);
    begin = end + 1;
  }
  return parts;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string_view parameter_name(std::string_view segment) {
  return segment.substr(1, segment.size() - 2);
}

/// How many segments are parameters; nothing when the path does not fit.
std::optional<int> fit(const Route& route, const std::vector<std::string_view>& path) {
  int parameters = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_parameter(route.segments[i])) {
      ++parameters;
    } else if (route.segments[i] != path[i]) {
      return std::nullopt;
    }
  }
  return parameters;
}

}  // namespace

Route& Route::query(std::string_view names) {
  for (const std::string_view name : split(names, ',')) query_names.emplace_back(name);
  return *this;
}

Route& Route::body(std::string_view text) {
  shape = Shape(text);
  return *this;
}

Route& Route::body_list(std::string_view member_text) {
  shape = Shape::list_of(member_text);
  return *this;
}

Route& Route::without_token() {
  open = true;
  return *this;
}

Route& Route::with_bytes() {
  raw_body = true;
  return *this;
}

Route& Router::add(std::string_view method, std::string_view pattern, Handler handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.handler = handler;
  for (const std::string_view segment : split(pattern, '/')) route.segments.emplace_back(segment);
  auto& routes = routes_[{route.method, route.segments.size()}];
  routes.push_back(std::move(route));
  return routes.back();
}

std::optional<Router::Match> Router::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string_view> segments = split(path, '/');
  const auto candidates = routes_.find({std::string(method), segments.size()});
  if (candidates == routes_.end()) return std::nullopt;
  const Route* best = nullptr;
  int fewest = 0;
  for (const Route& route : candidates->second) {
    const std::optional<int> parameters = fit(route, segments);
    if (parameters && (best == nullptr || *parameters < fewest)) {
      best = &route;
      fewest = *parameters;
    }
  }
  if (best == nullptr) return std::nullopt;
  Match match{best, {}};
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!is_parameter(best->segments[i])) continue;
    match.parameters.emplace_back(parameter_name(best->segments[i]),
                                  http::percent_decode(segments[i]));
  }
  return match;
}

}  // namespace engine::clickup::sandbox
