#include "core/plugin/package_folders.h"

#include <algorithm>

#include "core/plugin/trusted_file.h"

namespace engine::plugin {
namespace {

constexpr const char* kPackageFile = "package.yaml";

bool is_package(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kPackageFile, ignored);
}

class Finder {
 public:
  FoundPackages find(const std::vector<SearchFolder>& folders) {
    for (const SearchFolder& folder : folders) search(folder);
    return std::move(found_);
  }

 private:
  void search(const SearchFolder& folder) {
    std::error_code ignored;
    if (!folder.named && !std::filesystem::exists(folder.path, ignored)) return;
    try {
      require_trusted_way(folder.path);
    } catch (const Error& error) {
      if (folder.named) throw named(error, folder);
      refuse(folder.path, folder.origin, error);
      return;
    }
    if (is_package(folder.path)) {
      found_.packages.push_back({folder.path, folder.origin});
      return;
    }
    for (const auto& path : packages_in(folder)) add(path, folder.origin);
  }

  static Error named(const Error& error, const SearchFolder& folder) {
    return {error.cause(), error.code(), folder.origin + ": " + error.message()};
  }

  static std::vector<std::filesystem::path> packages_in(const SearchFolder& folder) {
    std::vector<std::filesystem::path> paths;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder.path, failed), end; !failed && at != end;
         at.increment(failed)) {
      if (is_package(at->path())) paths.push_back(at->path());
    }
    if (failed) {
      throw Error(ErrorCause::user, "plugin_not_read",
                  folder.origin + ": the folder '" + folder.path.string() +
                      "' cannot be listed: " + failed.message() + ".");
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  void add(const std::filesystem::path& path, const std::string& origin) {
    try {
      require_trusted_way(path);
      found_.packages.push_back({path, origin});
    } catch (const Error& error) {
      refuse(path, origin, error);
    }
  }

  void refuse(const std::filesystem::path& path, const std::string& origin, const Error& error) {
    found_.refused.push_back({path.filename().string(), path, origin, {fault_of(path, error)}});
  }

  FoundPackages found_;
};

std::optional<std::filesystem::path> data_folder(const Environment& environment) {
  if (const auto folder = environment("XDG_DATA_HOME"); folder && !folder->empty()) return *folder;
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return std::filesystem::path(*home) / ".local" / "share";
  }
  return std::nullopt;
}

}  // namespace

std::vector<SearchFolder> search_folders(const std::vector<std::string>& options,
                                         const Environment& environment) {
  std::vector<SearchFolder> folders;
  const auto add = [&](const std::filesystem::path& path, const char* origin, bool named) {
    std::error_code failed;
    const auto real = std::filesystem::weakly_canonical(path, failed);
    const bool known = std::any_of(folders.begin(), folders.end(), [&](const SearchFolder& other) {
      std::error_code ignored;
      return std::filesystem::weakly_canonical(other.path, ignored) == real;
    });
    if (!known) folders.push_back({path.lexically_normal(), origin, named});
  };
  const auto add_all = [&](const std::string& list, const char* origin) {
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t colon = std::min(list.find(':', at), list.size());
      if (colon > at) add(list.substr(at, colon - at), origin, true);
      at = colon + 1;
    }
  };
  for (const std::string& option : options) add_all(option, "--plugins");
  if (const auto list = environment("ENGINE_PLUGINS")) add_all(*list, "$ENGINE_PLUGINS");
  if (const auto data = data_folder(environment)) {
    add(*data / "engine" / "plugins", "$XDG_DATA_HOME/engine/plugins", false);
  }
  return folders;
}

FoundPackages find_packages(const std::vector<SearchFolder>& folders) {
  return Finder().find(folders);
}

Diagnostic fault_of(const std::filesystem::path& path, const Error& error) {
  if (error.where.position.known()) return {error.where.position, error.code(), error.message()};
  return {{path.string(), 0, 0}, error.code(), error.message()};
}

}  // namespace engine::plugin
