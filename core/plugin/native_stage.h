// Packages with a library, staged: the hook of core/plugin/packages.h.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/time.h"
#include "core/plugin/staged_package.h"

namespace engine::plugin {

struct NativeSettings {
  const Clock& clock;                      ///< outlives what is staged
  std::filesystem::path cache;             ///< of descriptions; empty: none is used
  std::string program = "/proc/self/exe";  ///< whose main calls run_native_child
};

/// Reads plugins.yaml beside the package's folder, loads the library inside or apart as it says,
/// and reads all descriptions. Nothing of a package with a fault is kept.
NativeStage native_stage(const NativeSettings& settings);

}  // namespace engine::plugin
