// New packages on the disk.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace engine::plugin {

using NewFiles = std::vector<std::pair<std::string, std::string>>;  ///< name, text

/// A declared package with a node, a credential type, a workflow that tries them, and a page.
NewFiles declared_scaffold(const std::string& name);

/// Throws Error{user, "bad_package_name"} unless it is [a-z][a-z0-9_]*.
void check_package_name(const std::string& name);

/// Makes the folder, and files that only the user may change, whatever the umask says: others are
/// not loaded. Throws Error{user, "folder_exists"} when the folder has something in it already, and
/// Error{storage, "file_not_written"}.
void write_package(const std::filesystem::path& folder, const NewFiles& files);

}  // namespace engine::plugin
