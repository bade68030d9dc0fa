// Folders of packages written down in a test, gone afterwards.
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "core/plugin/package_folders.h"
#include "core/plugin/packages.h"

namespace engine::test {

inline constexpr const char* kAcme = R"(name: acme
version: 1.2.0
title: Acme
base_url: https://api.acme.test
credential: acme
)";

inline constexpr const char* kThing = R"(resource: thing
operations:
  get:
    title: Get a thing
    request: GET /things/{id}
    parameters: { id: { type: string, required: true } }
  list:
    title: List things
    request: GET /things
)";

inline constexpr const char* kAcmeCredential = R"(credential: acme
title: Acme
fields: { token: { type: string, required: true } }
sign: [{ header: { name: Authorization, value: "Bearer {token}" } }]
)";

class PluginPlace {
 public:
  PluginPlace() {
    std::string name = (std::filesystem::temp_directory_path() / "engine-plugin-XXXXXX").string();
    root = mkdtemp(name.data());
    std::filesystem::create_directory(root / "packages");
  }
  ~PluginPlace() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  PluginPlace(const PluginPlace&) = delete;
  PluginPlace& operator=(const PluginPlace&) = delete;

  /// A file below packages/, readable by everybody and writable by its owner whatever the umask.
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    auto path = root / "packages" / name;
    std::filesystem::create_directories(path.parent_path());
    chmod(path.parent_path().c_str(), 0755);
    std::ofstream(path, std::ios::binary) << text;
    chmod(path.c_str(), 0644);
    return path;
  }
  void acme(const std::string& folder = "acme") const {
    file(folder + "/package.yaml", kAcme);
    file(folder + "/thing.yaml", kThing);
    file(folder + "/credential.yaml", kAcmeCredential);
  }

  plugin::LoadSettings settings(bool cached = false) const {
    plugin::LoadSettings result;
    result.folders = {{root / "packages", "--plugins", true}};
    if (cached) result.cache = root / "cache";
    return result;
  }
  plugin::Packages load(bool cached = false) const {
    const Registry registry;
    return plugin::Packages::load(settings(cached), {registry, {"clickup"}, {"bearer"}});
  }

  std::filesystem::path root;
};

/// The faults of all packages that were refused, one a line.
inline std::string faults_of(const plugin::Packages& packages) {
  std::string text;
  for (const plugin::RefusedPackage& package : packages.refused()) {
    for (const Diagnostic& fault : package.faults) text += to_string(fault) + "\n";
  }
  return text;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace engine::test
