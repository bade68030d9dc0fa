// plugins.yaml: what the operator of an engine decides about packages.
//
//   limits: { memory: 1GiB, time: 5m }
//   packages:
//     acme: { sha256: 9f86…, isolation: none }
//     other: { memory: 64MiB }
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/plugin/apart_library.h"

namespace engine::plugin {

struct PluginPolicy {
  bool apart = true;  ///< in a process of its own; a pinned plugin runs inside unless it says so
  /// What the library, or the files of a declared package, must have, in lower case; empty: not
  /// pinned.
  std::string sha256;
  ApartLimits limits;
};

/// Where the plugins.yaml of a package lies: beside its folder, not in it.
std::filesystem::path policy_folder(const std::filesystem::path& package);

/// Of one package, from `folder`/plugins.yaml; the defaults when there is none. Faults of the file
/// are noted. Throws Error{user, "untrusted_plugin" | …} as read_trusted.
PluginPolicy read_policy(const std::filesystem::path& folder, const std::string& package,
                         Diagnostics& diagnostics);

/// The packages that `folder`/plugins.yaml speaks of, with their places there; none when the file
/// cannot be read.
std::vector<std::pair<std::string, Position>> packages_of_policy(
    const std::filesystem::path& folder);

}  // namespace engine::plugin
