#include "core/plugin/version.h"

#include <algorithm>
#include <charconv>

namespace engine::plugin {

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  for (int& part : version.parts) {
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, part);
    if (failure != std::errc() || part < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (text.empty()) return version;
    if (text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
  }
  return std::nullopt;
}

bool VersionRange::includes(const Version& version) const {
  return std::all_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
    if (bound.sign == "=") return version == bound.version;
    if (bound.sign == ">") return version > bound.version;
    if (bound.sign == "<") return version < bound.version;
    if (bound.sign == "<=") return version <= bound.version;
    return version >= bound.version;
  });
}

std::optional<VersionRange> parse_version_range(std::string_view text) {
  VersionRange range;
  constexpr std::string_view kBetween = " ,";
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    if (text.empty()) break;
    const std::size_t sign = std::min(text.find_first_not_of("<>="), text.size());
    VersionRange::Bound bound{std::string(text.substr(0, sign)), {}};
    if (bound.sign.empty()) bound.sign = ">=";
    for (const char* known : {"=", ">", ">=", "<", "<=", ""}) {
      if (*known == '\0') return std::nullopt;
      if (bound.sign == known) break;
    }
    text.remove_prefix(sign);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    const auto version = parse_version(text.substr(0, end));
    if (!version) return std::nullopt;
    bound.version = *version;
    range.bounds.push_back(std::move(bound));
    text.remove_prefix(end);
  }
  if (range.bounds.empty()) return std::nullopt;
  return range;
}

std::string_view engine_version() {
  return ENGINE_VERSION;
}

}  // namespace engine::plugin
