// What a package would add, complete and checked, before any of it is registered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/credential/credential_type.h"
#include "core/node/registry.h"
#include "core/plugin/manifest.h"
#include "core/plugin/package_folders.h"

namespace engine::plugin {

struct StagedNodeType {
  std::string id;
  int version = 1;
  std::string title;
  Registry::Loader load;  ///< on first use; may be called from any thread
};

struct StagedCredentialType {
  std::string id;
  std::function<CredentialType()> load;
};

struct StagedPackage {
  std::string name;
  std::string title;
  std::string text;
  std::string version;
  std::string kind;  ///< "yaml" or "native"
  std::string hash;  ///< SHA-256, hex, of what was loaded
  std::filesystem::path folder;
  std::string origin;  ///< of its SearchFolder
  std::vector<StagedNodeType> nodes;
  std::vector<StagedCredentialType> credentials;
};

/// Stages a package whose package.yaml names a library. `source_hash` is that of the YAML files.
/// Faults are noted, or thrown as Error; either refuses the package.
using NativeStage =
    std::function<StagedPackage(const Manifest& manifest, const std::filesystem::path& folder,
                                const std::string& source_hash, Diagnostics& diagnostics)>;

}  // namespace engine::plugin
