// Where packages are looked for, and which there are.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"

namespace engine::plugin {

/// Reads an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct SearchFolder {
  std::filesystem::path path;
  std::string origin;  ///< "--plugins", "$ENGINE_PLUGINS" or "$XDG_DATA_HOME", for people
  bool named = true;   ///< by somebody: it has to be there
};

/// `options` (of --plugins), $ENGINE_PLUGINS (folders with ':' between them), and
/// $XDG_DATA_HOME/engine/plugins (~/.local/share/engine/plugins); in this order, each once.
std::vector<SearchFolder> search_folders(const std::vector<std::string>& options,
                                         const Environment& environment);

struct PackageFolder {
  std::filesystem::path path;
  std::string origin;
};

/// A package that is not loaded, with all of its faults.
struct RefusedPackage {
  std::string name;  ///< of the folder when its own cannot be read
  std::filesystem::path folder;
  std::string origin;
  std::vector<Diagnostic> faults;
};

struct FoundPackages {
  std::vector<PackageFolder> packages;  ///< in the order searched, and by name
  std::vector<RefusedPackage> refused;
};

/// Every sub-folder with `package.yaml` is a package; so is a named folder that has one itself.
/// What others may change is refused: see trusted_file.h. Throws Error{user, "plugin_not_read" |
/// "untrusted_plugin"} for a folder that somebody named.
FoundPackages find_packages(const std::vector<SearchFolder>& folders);

/// A fault of a whole file or folder.
Diagnostic fault_of(const std::filesystem::path& path, const Error& error);

}  // namespace engine::plugin
