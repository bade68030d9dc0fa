#include "core/value/path.h"

#include <algorithm>
#include <charconv>

namespace engine {
namespace {

constexpr std::size_t kLongestGap = 10'000;  // an index far past the end is a mistake, not a wish

// Reads what stands between brackets; `text` begins behind the opening one.
std::optional<PathStep> take_bracket(std::string_view& text) {
  if (!text.empty() && (text[0] == '\'' || text[0] == '"')) {
    const std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ']')
      return std::nullopt;
    std::string key(text.substr(1, end - 1));
    text.remove_prefix(end + 2);
    return key;
  }
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end == text.data() + text.size() || *end != ']') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return index;
}

View step_into(View value, const PathStep& step) {
  if (const auto* key = std::get_if<std::string>(&step)) return value[std::string_view(*key)];
  std::int64_t index = std::get<std::int64_t>(step);
  if (index < 0) index += static_cast<std::int64_t>(value.size());
  return index < 0 ? View() : value[static_cast<std::size_t>(index)];
}

// Writes `current` with the rest of the path replaced; a missing `value` removes.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the path
Value replaced(const Value& current, const Path& path, std::size_t depth, const Value& value) {
  if (depth == path.size()) return value;
  ValueBuilder builder;
  if (const auto* key = std::get_if<std::string>(&path[depth])) {
    builder.begin_object();
    bool found = false;
    for (const auto& [name, member] : current.members()) {
      builder.key(name);
      const bool here = name == *key;
      found = found || here;
      const Value owned = current.share(member);
      builder.value(here ? replaced(owned, path, depth + 1, value) : owned);
    }
    if (!found && !value.missing()) {
      builder.key(*key);
      builder.value(replaced({}, path, depth + 1, value));
    }
    builder.end_object();
    return builder.finish();
  }
  std::int64_t index = std::get<std::int64_t>(path[depth]);
  const auto size = static_cast<std::int64_t>(current.is_array() ? current.size() : 0);
  if (index < 0) index = std::max<std::int64_t>(0, index + size);
  if (index > size + static_cast<std::int64_t>(kLongestGap)) return current;
  builder.begin_array();
  for (std::int64_t i = 0; i < std::max(size, value.missing() ? 0 : index + 1); ++i) {
    const Value old =
        i < size ? current.share(current.view()[static_cast<std::size_t>(i)]) : Value();
    if (i != index) {
      builder.value(old);
      continue;
    }
    const Value fresh = replaced(old, path, depth + 1, value);
    if (!fresh.missing()) builder.value(fresh);
  }
  builder.end_array();
  return builder.finish();
}

}  // namespace

std::optional<Path> parse_path(std::string_view text) {
  Path path;
  while (!text.empty()) {
    if (text[0] == '[') {
      text.remove_prefix(1);
      auto step = take_bracket(text);
      if (!step) return std::nullopt;
      path.push_back(std::move(*step));
    } else {
      const std::size_t end = std::min(text.find_first_of(".["), text.size());
      if (end == 0) return std::nullopt;
      path.emplace_back(std::string(text.substr(0, end)));
      text.remove_prefix(end);
    }
    if (text.empty() || text[0] == '[') continue;
    if (text[0] != '.' || text.size() == 1 || text[1] == '[') return std::nullopt;
    text.remove_prefix(1);
  }
  if (path.empty()) return std::nullopt;
  return path;
}

View at_path(View value, const Path& path) {
  for (const PathStep& step : path) value = step_into(value, step);
  return value;
}

Value with_path(const Value& root, const Path& path, const Value& value) {
  return replaced(root, path, 0, value.missing() ? Value(nullptr) : value);
}

Value without_path(const Value& root, const Path& path) {
  if (at_path(root, path).missing()) return root;
  return replaced(root, path, 0, {});
}

}  // namespace engine
