// Packages of a place, in its folder `packages`.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/e2e/place.h"

namespace engine::e2e {

/// A file of a package, that nobody else may change whatever the umask says: others are refused.
inline void package_file(const Place& place, const std::string& package, const std::string& name,
                         const std::string& text) {
  const auto folder = place.folder() / "packages" / package;
  std::filesystem::create_directories(folder);
  chmod(folder.parent_path().c_str(), 0755);
  chmod(folder.c_str(), 0755);
  place.file("packages/" + package + "/" + name, text);
  chmod((folder / name).c_str(), 0644);
}

}  // namespace engine::e2e
