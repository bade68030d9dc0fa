// Compiled packages kept between runs, so that YAML is read only when it changed.
#pragma once

#include <filesystem>
#include <memory>

#include "core/plugin/compiled_package.h"
#include "core/plugin/package_folders.h"
#include "core/plugin/package_source.h"
#include "core/plugin/text_cache.h"

namespace engine::plugin {

/// One file for each package folder, known by the folder's path; what is in it counts only for
/// exactly the same source, read by exactly this build of the engine. Damaged, foreign or old files
/// count as missing. Nothing here fails: without a cache a package is compiled every time.
class PackageCache {
 public:
  /// In this folder, which is made when needed; empty: nothing is kept.
  explicit PackageCache(std::filesystem::path folder);

  /// Null when there is none.
  std::shared_ptr<const CompiledPackage> find(const PackageSource& source) const;
  void keep(const PackageSource& source, const std::string& encoded) const;

 private:
  std::string file_of(const PackageSource& source) const;

  TextCache texts_;
};

/// $XDG_CACHE_HOME/engine/packages, or ~/.cache/engine/packages; empty when neither is known.
std::filesystem::path cache_folder(const Environment& environment);

}  // namespace engine::plugin
