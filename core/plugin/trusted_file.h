// Files that decide what the engine does: only those that nobody else may change are read.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/diagnostic.h"

namespace engine::plugin {

/// Throws Error{user, "untrusted_plugin"} that names the file or folder (links are followed) when
/// others may write it, or its group, unless that is the owner's own; or when it belongs to
/// somebody else than root or the user who runs the engine; and Error{user, "plugin_not_read"} when
/// it is not there.
void require_trusted(const std::filesystem::path& path);

/// The same of a folder, and of all folders above it: who may write one of those can put another
/// folder in its place. Those above may also be like /tmp, where everybody may write and nobody may
/// remove what belongs to others.
void require_trusted_way(const std::filesystem::path& folder);

/// The same of an open file; `shown` is how it is named.
void require_trusted(int descriptor, const std::filesystem::path& shown);

/// The whole of a trusted regular file. The check is of what is read, not of what had the name
/// before. Throws the same, and Error{user, "plugin_too_large"}.
std::string read_trusted(const std::filesystem::path& file, std::size_t most_bytes);

/// The same, but that it is not trusted is noted and not thrown: for those who tell all faults of a
/// package at once, and then use nothing of it.
std::string read_noting(const std::filesystem::path& file, std::size_t most_bytes,
                        Diagnostics& diagnostics);

}  // namespace engine::plugin
