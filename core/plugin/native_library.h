// The plugins of one shared library, wherever they run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/native_call.h"

namespace engine::plugin {

enum class NativeKind : std::uint8_t { action, webhook, service_webhook, poll, credential_type };

/// What a plugin added: data only.
struct NativeType {
  NativeKind kind = NativeKind::action;
  std::string description;  ///< JSON, not yet read
  bool runs = false;        ///< has `run` (a trigger need not) or `sign`
  bool catches_up = false;
  std::int64_t check_every_ms = 0;
};

/// Which library is meant.
struct LibrarySource {
  std::filesystem::path file;
  std::string name;     ///< of the package
  std::string version;  ///< of the package
  std::string sha256;   ///< empty: not pinned
  /// Of the file that was loaded before (LibraryFile::identity); empty: any.
  std::string identity;
};

/// Thread-safe.
class NativeLibrary {
 public:
  virtual ~NativeLibrary() = default;
  virtual const std::vector<NativeType>& types() const = 0;
  /// Calls a function of a type and gives its result. Throws the Error that it failed with, or one
  /// that says how it broke: "plugin_crashed", "plugin_too_slow", "plugin_out_of_memory",
  /// "plugin_bad_answer".
  virtual std::string invoke(std::size_t type, NativeFunction function, NativeCall& call,
                             std::string_view argument) const = 0;
};

/// Loads it into this process, for good. Throws Error{user} with "plugin_not_loaded",
/// "plugin_version_mismatch", "plugin_name_mismatch", what LibraryFile throws, or what `load` of
/// the plugin failed with; nothing of it is used then.
std::unique_ptr<NativeLibrary> load_library(const LibrarySource& source);

/// "The plugin 'acme'", for errors.
std::string plugin_named(const std::string& name);

/// Largest result of a function, and sum of what a node run gives. More fails the call.
constexpr std::size_t kLargestAnswer = std::size_t{256} << 20U;
constexpr std::size_t kMostTypes = 10'000;
constexpr std::size_t kLargestDescription = std::size_t{4} << 20U;

}  // namespace engine::plugin
