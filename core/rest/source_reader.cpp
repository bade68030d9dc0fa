#include "core/rest/source_reader.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/value/json.h"

namespace engine::rest {

SourceReader::SourceReader(std::string file, Diagnostics& diagnostics)
    : file_(std::move(file)), diagnostics_(diagnostics) {}

void SourceReader::fault(const Located& at, const std::string& message) {
  diagnostics_.add(at.position(file_), "bad_package", message);
}

void SourceReader::fault(const LocatedMember& at, const std::string& message) {
  diagnostics_.add(at.position(file_), "bad_package", message);
}

bool SourceReader::check_keys(const Located& at, std::string_view what,
                              const std::vector<std::string>& known) {
  if (at.kind != Kind::object) {
    fault(at, std::string(what) + " must be a map.");
    return false;
  }
  for (const LocatedMember& member : at.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::string near = did_you_mean(member.key, known);
    fault(member, std::string(what) + " has no key '" + member.key + "'." +
                      (near.empty() ? " Keys are " + list_names(known) + "." : near));
  }
  return true;
}

std::string SourceReader::text(const Located& map, std::string_view key, std::string fallback) {
  const Located* found = map.find(key);
  if (found == nullptr) return fallback;
  if (found->kind == Kind::array || found->kind == Kind::object || found->kind == Kind::null) {
    fault(*found, "'" + std::string(key) + "' must be a text.");
    return fallback;
  }
  return to_text(found->scalar);
}

std::string SourceReader::required_text(const Located& map, std::string_view key,
                                        std::string_view what) {
  if (map.find(key) == nullptr) {
    fault(map, std::string(what) + " needs '" + std::string(key) + "'.");
    return {};
  }
  return text(map, key);
}

bool SourceReader::boolean(const Located& map, std::string_view key, bool fallback) {
  const Located* found = map.find(key);
  if (found == nullptr) return fallback;
  if (found->kind != Kind::boolean) {
    fault(*found, "'" + std::string(key) + "' must be true or false.");
    return fallback;
  }
  return found->scalar.as_bool();
}

std::optional<double> SourceReader::number(const Located& map, std::string_view key) {
  const Located* found = map.find(key);
  if (found == nullptr) return std::nullopt;
  if (!found->scalar.is_number()) fault(*found, "'" + std::string(key) + "' must be a number.");
  return found->scalar.as_number();
}

std::int64_t SourceReader::integer(const Located& map, std::string_view key,
                                   std::int64_t fallback) {
  const Located* found = map.find(key);
  if (found == nullptr) return fallback;
  const auto value = found->scalar.as_integer();
  if (!value) fault(*found, "'" + std::string(key) + "' must be a whole number.");
  return value.value_or(fallback);
}

std::vector<std::string> SourceReader::texts(const Located& map, std::string_view key) {
  const Located* found = map.find(key);
  if (found == nullptr) return {};
  if (found->kind != Kind::array) return {text(map, key)};
  std::vector<std::string> result;
  for (const Located& element : found->elements) {
    if (element.kind == Kind::array || element.kind == Kind::object) {
      fault(element, "'" + std::string(key) + "' must be a list of texts.");
    } else {
      result.push_back(to_text(element.scalar));
    }
  }
  return result;
}

std::optional<Path> SourceReader::path(const Located& map, std::string_view key) {
  if (map.find(key) == nullptr) return std::nullopt;
  auto path = parse_path(text(map, key));
  if (!path) fault(*map.find(key), "'" + text(map, key) + "' is not a path.");
  return path;
}

std::vector<Path> SourceReader::paths(const Located& map, std::string_view key) {
  std::vector<Path> paths;
  for (const std::string& each : texts(map, key)) {
    auto path = parse_path(each);
    if (!path) fault(*map.find(key), "'" + each + "' is not a path.");
    paths.push_back(std::move(path).value_or(Path{}));
  }
  return paths;
}

Selector SourceReader::selector(const Located& map, std::string_view key) {
  std::vector<Selector> found = selectors(map, key);
  return found.empty() ? Selector{} : std::move(found.front());
}

std::vector<Selector> SourceReader::selectors(const Located& map, std::string_view key) {
  std::vector<Selector> selectors;
  for (const std::string& each : texts(map, key)) {
    auto selector = parse_selector(each);
    if (!selector) fault(*map.find(key), "'" + each + "' does not select anything.");
    selectors.push_back(std::move(selector).value_or(Selector{}));
  }
  return selectors;
}

std::vector<std::pair<std::string, std::string>> SourceReader::text_map(const Located& map,
                                                                        std::string_view key) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, value] : value_map(map, key)) result.emplace_back(name, to_text(value));
  return result;
}

std::vector<std::pair<std::string, Value>> SourceReader::value_map(const Located& map,
                                                                   std::string_view key) {
  const Located* found = map.find(key);
  if (found == nullptr) return {};
  if (found->kind != Kind::object) {
    fault(*found, "'" + std::string(key) + "' must be a map.");
    return {};
  }
  std::vector<std::pair<std::string, Value>> result;
  for (const LocatedMember& member : found->members) {
    result.emplace_back(member.key, to_value(member.value));
  }
  return result;
}

std::optional<std::size_t> SourceReader::one_of(const Located& at, std::string_view text,
                                                std::string_view what,
                                                const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fault(at, std::string(what) + " '" + std::string(text) + "' is unknown; it is one of " +
                list_names(names) + ".");
  return std::nullopt;
}

Located located(View value) {
  Located result;
  result.kind = value.kind();
  for (const View element : value.elements()) result.elements.push_back(located(element));
  for (const auto& [key, part] : value.members()) {
    result.members.push_back({std::string(key), 0, 0, located(part)});
  }
  if (!value.is_array() && !value.is_object()) {
    ValueBuilder builder;
    builder.copy(value);
    result.scalar = builder.finish();
  }
  return result;
}

void set_member(Located& map, const std::string& key, const Located& value) {
  for (LocatedMember& member : map.members) {
    if (member.key != key) continue;
    member.value = value;
    return;
  }
  map.kind = Kind::object;
  map.members.push_back({key, value.line, value.column, value});
}

}  // namespace engine::rest
