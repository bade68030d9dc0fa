// A native plugin in processes of its own: what breaks there breaks one call.
#pragma once

#include <memory>
#include <string>

#include "core/base/time.h"
#include "core/plugin/native_library.h"

namespace engine::plugin {

struct ApartLimits {
  std::uint64_t memory_bytes = std::uint64_t{1} << 30U;  ///< of one process
  Milliseconds time{300'000};  ///< of one call, without the time that the engine works for it
};

struct ApartOptions {
  ApartLimits limits;
  std::string program = "/proc/self/exe";  ///< whose main calls run_native_child
};

/// Loads the library in a process and learns its types. Throws as load_library, and
/// Error{upstream, "plugin_crashed" | …} when it does not survive that. With `types`, those that
/// the very same file had before, nothing is started until a function is called.
std::unique_ptr<NativeLibrary> load_apart(const LibrarySource& source, const ApartOptions& options,
                                          std::vector<NativeType> types = {});

}  // namespace engine::plugin
