// Versions of packages and of the engine, and the range of engines that a package is for.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::plugin {

/// "1", "1.2" or "1.2.3"; what is left out is 0.
struct Version {
  std::array<int, 3> parts{};
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 that <=> compares with for a pointer
  auto operator<=>(const Version&) const = default;
};

/// Nothing when it is none.
std::optional<Version> parse_version(std::string_view text);

/// Comparisons that must all hold: ">=0.1 <2", also with commas between them. The signs are =, >,
/// >=, < and <=. A version without one is the least: "0.1" is ">=0.1".
struct VersionRange {
  struct Bound {
    std::string sign;
    Version version;
  };
  std::vector<Bound> bounds;

  bool includes(const Version& version) const;
};

std::optional<VersionRange> parse_version_range(std::string_view text);

/// Of the engine that runs.
std::string_view engine_version();

}  // namespace engine::plugin
