// Which versions of the plugin interface this engine takes.
#pragma once

#include <cstdint>
#include <string>

namespace engine::plugin {

struct AbiVersion {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 that <=> compares with for a pointer
  auto operator<=>(const AbiVersion&) const = default;
};

/// "1.0"
std::string to_string(AbiVersion version);

AbiVersion oldest_abi();
AbiVersion newest_abi();

/// Throws Error{user, "plugin_version_mismatch"} that names both sides' versions.
void require_abi(std::uint32_t major, std::uint32_t minor, const std::string& plugin);

}  // namespace engine::plugin
