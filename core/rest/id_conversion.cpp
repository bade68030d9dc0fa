#include "core/rest/id_conversion.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

bool starts_with_any_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) ==
                  std::tolower(static_cast<unsigned char>(b));
         });
}

std::vector<std::string> link_segments(std::string_view link) {
  link.remove_prefix(std::min(link.find("://") + 3, link.size()));
  link.remove_prefix(std::min(link.find('/'), link.size()));
  link = link.substr(0, link.find_first_of("?#"));
  std::vector<std::string> segments;
  while (!link.empty()) {
    link.remove_prefix(1);
    const std::size_t slash = std::min(link.find('/'), link.size());
    if (slash > 0) segments.push_back(http::percent_decode(link.substr(0, slash)));
    link.remove_prefix(slash);
  }
  return segments;
}

bool is_place_name(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// The segments that stand for names; nothing when the pattern does not fit the link's beginning.
std::optional<std::vector<std::pair<std::string, std::string>>> match(
    const IdLink& pattern, const std::vector<std::string>& segments) {
  if (segments.size() < pattern.segments.size()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t i = 0; i < pattern.segments.size(); ++i) {
    const std::string& wanted = pattern.segments[i];
    if (is_place_name(wanted)) {
      found.emplace_back(wanted.substr(1, wanted.size() - 2), segments[i]);
    } else if (wanted != "*" && wanted != segments[i]) {
      return std::nullopt;
    }
  }
  return found;
}

std::optional<std::string> from_link(const IdLink& pattern,
                                     const std::vector<std::string>& segments,
                                     const ConversionContext& context) {
  const auto found = match(pattern, segments);
  if (!found) return std::nullopt;
  const auto id = std::find_if(found->begin(), found->end(),
                               [](const auto& pair) { return pair.first == "id"; });
  if (id == found->end() || id->second.find(pattern.contains) == std::string::npos) {
    return std::nullopt;
  }
  for (const auto& [name, value] : *found) {
    if (name != "id") context.learn(name, Value(value));
  }
  for (const auto& [name, value] : pattern.set) context.learn(name, value);
  return id->second;
}

const IdKind& kind_named(const Package& package, const std::string& name) {
  for (const IdKind& kind : package.ids) {
    if (kind.name == name) return kind;
  }
  throw Error(ErrorCause::bug, "unknown_id_kind", "The package knows no id '" + name + "'.");
}

// Sent as they are, such ids would be answered as if the credential were not good for them.
std::string allowed(const IdKind& kind, std::string id, const ConversionContext& context) {
  const bool special = !kind.special.empty() && id.find(kind.special) != std::string::npos;
  if (special && !context.value_of(kind.keep_prefix_with).as_bool()) {
    throw Error(ErrorCause::user, "custom_id",
                "'" + id + "' is a custom id. Set '" + kind.keep_prefix_with +
                    ": true' beside it; an operation without this parameter takes only the " +
                    kind.name + "'s own id.");
  }
  return id;
}

}  // namespace

Value convert_id(const Value& value, const std::string& kind_name,
                 const ConversionContext& context) {
  const IdKind& kind = kind_named(*context.package, kind_name);
  std::string text = to_text(value);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (starts_with_any_case(text, "https://") || starts_with_any_case(text, "http://")) {
    const auto segments = link_segments(text);
    for (const IdLink& link : kind.links) {
      if (auto id = from_link(link, segments, context)) return {allowed(kind, *id, context)};
    }
    throw Error(ErrorCause::user, "bad_parameter",
                "The link '" + text + "' does not lead to a " + kind_name + ".");
  }
  if (!kind.keep_prefix_with.empty() && context.value_of(kind.keep_prefix_with).as_bool()) {
    return {text};
  }
  for (const std::string& prefix : kind.prefixes) {
    if (text.size() > prefix.size() && starts_with_any_case(text, prefix)) {
      return {allowed(kind, text.substr(prefix.size()), context)};
    }
  }
  return {allowed(kind, text, context)};
}

}  // namespace engine::rest
