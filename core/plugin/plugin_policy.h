// plugins.yaml: what the operator of an engine decides about native plugins.
//
//   limits: { memory: 1GiB, time: 5m }
//   packages:
//     acme: { sha256: 9f86…, isolation: none }
//     other: { memory: 64MiB }
#pragma once

#include <filesystem>
#include <string>

#include "core/base/diagnostic.h"
#include "core/plugin/apart_library.h"

namespace engine::plugin {

struct PluginPolicy {
  bool apart = true;   ///< in a process of its own; a pinned plugin runs inside unless it says so
  std::string sha256;  ///< what the library must have; empty: not pinned
  ApartLimits limits;
};

/// Of one package, from `folder`/plugins.yaml; the defaults when there is none. Faults of the file
/// are noted. Throws Error{user, "untrusted_plugin" | …} as read_trusted.
PluginPolicy read_policy(const std::filesystem::path& folder, const std::string& package,
                         Diagnostics& diagnostics);

}  // namespace engine::plugin
