// The YAML files of a package folder as they are on the disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"

namespace engine::plugin {

struct PackageFile {
  std::string name;  ///< with its folder, as it is named in faults
  std::string text;
};

struct PackageSource {
  std::filesystem::path folder;
  std::vector<PackageFile> files;  ///< package.yaml first, the others by name
  std::string hash;                ///< SHA-256 of names and texts, hex
};

/// package.yaml and the *.yaml beside it, hidden files left out. Files that others may change are
/// noted. Throws what read_noting throws, and Error{user, "plugin_too_large"} for more than 1000
/// files or 32 MiB.
PackageSource read_package_source(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace engine::plugin
