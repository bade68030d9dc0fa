#include "core/plugin/package_source.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/plugin/trusted_file.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostPackageBytes = 32U << 20U;

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(".yaml") || name.front() == '.' || name == "package.yaml") continue;
    paths.push_back(at->path());
  }
  if (failed) {
    throw Error(ErrorCause::user, "plugin_not_read",
                "The folder '" + folder.string() + "' cannot be listed: " + failed.message() + ".");
  }
  std::sort(paths.begin(), paths.end());
  paths.insert(paths.begin(), folder / "package.yaml");
  return paths;
}

Error too_large(const std::filesystem::path& folder) {
  return {ErrorCause::user, "plugin_too_large",
          "The package '" + folder.string() + "' is not loaded: it has more than " +
              std::to_string(kMostFiles) + " YAML files or " +
              std::to_string(kMostPackageBytes >> 20U) + " MiB. Split it."};
}

}  // namespace

PackageSource read_package_source(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  PackageSource source;
  source.folder = folder;
  const auto paths = yaml_files(folder);
  if (paths.size() > kMostFiles) throw too_large(folder);
  Hash hash("sha256");
  std::size_t bytes = 0;
  for (const auto& path : paths) {
    std::string text = read_noting(path, kMostPackageBytes, diagnostics);
    bytes += text.size();
    if (bytes > kMostPackageBytes) throw too_large(folder);
    hash.add(path.filename().string() + "\n" + std::to_string(text.size()) + "\n");
    hash.add(text);
    source.files.push_back({path.string(), std::move(text)});
  }
  source.hash = to_hex(hash.finish());
  return source;
}

}  // namespace engine::plugin
