// Packages declared in YAML.
#pragma once

#include "core/plugin/compiled_package.h"
#include "core/plugin/manifest.h"
#include "core/plugin/package_cache.h"
#include "core/plugin/package_source.h"
#include "core/plugin/staged_package.h"

namespace engine::plugin {

/// A YAML file of a package, read.
struct ReadFile {
  rest::SourceFile file;
  bool good = false;  ///< the syntax is
};

/// Notes faults of the syntax.
std::vector<ReadFile> read_files(const PackageSource& source, Diagnostics& diagnostics);

/// Everything is checked; what is compiled counts only when nothing was noted. What a file holds is
/// told by its key: `resource` (operations), `trigger`, or `credential` (a credential type).
PackageParts compile(const Manifest& manifest, const std::vector<ReadFile>& files,
                     Diagnostics& diagnostics);

/// The node types and credential types of a compiled package. Nothing is parsed.
StagedPackage stage(const std::shared_ptr<const CompiledPackage>& compiled);

}  // namespace engine::plugin
