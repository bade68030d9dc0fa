#include "core/plugin/abi_range.h"

#include "core/base/error.h"
#include "core/plugin/engine_plugin.h"
#include "core/plugin/version.h"

namespace engine::plugin {

std::string to_string(AbiVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

AbiVersion oldest_abi() {
  return {1, 0};
}

AbiVersion newest_abi() {
  return {ENGINE_ABI_MAJOR, ENGINE_ABI_MINOR};
}

void require_abi(std::uint32_t major, std::uint32_t minor, const std::string& plugin) {
  const AbiVersion built{major, minor};
  if (built >= oldest_abi() && built <= newest_abi()) return;
  const bool old = built < oldest_abi();
  throw Error(ErrorCause::user, "plugin_version_mismatch",
              "The plugin '" + plugin + "' was built for version " + to_string(built) +
                  " of the plugin interface, and this engine (" + std::string(engine_version()) +
                  ") takes " + to_string(oldest_abi()) + " to " + to_string(newest_abi()) + ". " +
                  (old ? "Build the plugin again with the header of this engine."
                       : "Use a newer engine, or build the plugin with an older header."));
}

}  // namespace engine::plugin
