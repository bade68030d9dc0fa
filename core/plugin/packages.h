// All packages from outside: found, checked, and registered each as a whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/plugin/staged_package.h"

namespace engine::plugin {

struct LoadSettings {
  std::vector<SearchFolder> folders;
  std::filesystem::path cache;  ///< of compiled packages; empty: none is used
  NativeStage native;           ///< empty: packages with a library are refused
};

/// What the engine has without them; a package may not take any of these names.
struct BuiltIn {
  const Registry& node_types;
  std::vector<std::string> packages;
  std::vector<std::string> credential_types;
};

class Packages {
 public:
  /// Packages come in the order of folders; of two that want the same name the first one has it and
  /// the second one is refused. A faulty package is refused as a whole, and the others are loaded.
  /// Throws Error for folders that somebody named and that cannot be used (see find_packages).
  static Packages load(const LoadSettings& settings, const BuiltIn& built_in);

  /// Also tells the registry what was refused, for those who miss a type.
  void add_to(Registry& registry) const;
  void add_to(CredentialTypes& types) const;

  const std::vector<StagedPackage>& loaded() const { return loaded_; }
  const std::vector<RefusedPackage>& refused() const { return refused_; }
  /// What plugins.yaml says of packages that are not there: a pin that pins nothing.
  const std::vector<Diagnostic>& doubts() const { return doubts_; }

 private:
  void find_doubts();

  std::vector<StagedPackage> loaded_;
  std::vector<RefusedPackage> refused_;
  std::vector<Diagnostic> doubts_;
};

/// One package, staged; or nothing, and the reasons are in `diagnostics`. Used by `plugin check`
/// too, without a cache. `name` becomes the package's name as soon as it is known.
std::optional<StagedPackage> stage_folder(const std::filesystem::path& folder,
                                          const LoadSettings& settings, std::string& name,
                                          Diagnostics& diagnostics);

/// "DIR/x.yaml:3:4: … (and 4 more; 'engine plugin check DIR' shows all of them)"
std::string summary_of(const RefusedPackage& package);

}  // namespace engine::plugin
