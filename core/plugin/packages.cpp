#include "core/plugin/packages.h"

#include <algorithm>
#include <map>

#include "core/base/nearest.h"
#include "core/plugin/declared_package.h"
#include "core/plugin/library_file.h"
#include "core/plugin/plugin_policy.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"

namespace engine::plugin {
namespace {

// Who has a name: "built into the engine", or the package.yaml of a package.
class Names {
 public:
  explicit Names(const BuiltIn& built_in) {
    constexpr const char* kEngine = "the engine itself";
    for (const std::string& name : built_in.packages) packages_[name] = kEngine;
    for (const std::string& id : built_in.credential_types) credentials_[id] = kEngine;
    for (const std::string& id : built_in.node_types.ids()) {
      for (const int version : built_in.node_types.versions(id)) nodes_[{id, version}] = kEngine;
    }
  }

  /// Notes every name that is taken; takes all of them only when none is.
  bool take(const StagedPackage& package, Diagnostics& diagnostics) {
    const std::string file = (package.folder / "package.yaml").string();
    const std::size_t before = diagnostics.size();
    const auto check = [&](const auto& taken, const auto& key, const std::string& what) {
      const auto found = taken.find(key);
      if (found == taken.end()) return;
      diagnostics.add({file, 1, 1}, "duplicate_name",
                      what + " is in " + found->second + " and in " + file +
                          ". Remove one of them, or give one another name.");
    };
    check(packages_, package.name, "The package '" + package.name + "'");
    const bool same_package = diagnostics.size() != before;
    for (const StagedNodeType& node : package.nodes) {
      if (same_package) break;  // all of its types are taken with it
      check(nodes_, std::pair(node.id, node.version), "The node type '" + node.id + "'");
    }
    for (const StagedCredentialType& type : package.credentials) {
      check(credentials_, type.id, "The credential type '" + type.id + "'");
    }
    if (diagnostics.size() != before) return false;
    packages_[package.name] = file;
    for (const StagedNodeType& node : package.nodes) nodes_[{node.id, node.version}] = file;
    for (const StagedCredentialType& type : package.credentials) credentials_[type.id] = file;
    return true;
  }

 private:
  std::map<std::string, std::string> packages_;
  std::map<std::pair<std::string, int>, std::string> nodes_;
  std::map<std::string, std::string> credentials_;
};

// What can be told of a library without loading it.
void note_library(const std::filesystem::path& folder, const Manifest& manifest,
                  Diagnostics& diagnostics) {
  if (manifest.library.find('/') != std::string::npos) return;  // told already
  try {
    const LibraryFile file(folder / manifest.library);
  } catch (const Error& error) {
    const Diagnostic fault = fault_of(folder / manifest.library, error);
    diagnostics.add(fault.position, fault.code, fault.message);
  }
}

// A native package is pinned by its library, a declared one by its files.
void require_pinned(const StagedPackage& package, const PackageSource& source,
                    Diagnostics& diagnostics) {
  if (package.kind == "native") return;
  const std::string pinned =
      read_policy(policy_folder(source.folder), package.name, diagnostics).sha256;
  if (pinned.empty() || pinned == source.hash) return;
  diagnostics.add({source.folder.string(), 0, 0}, "plugin_hash_mismatch",
                  "The files of the package '" + package.name + "' have the SHA-256 " +
                      source.hash + ", and plugins.yaml pins " + pinned +
                      ". Install the package that was meant, or pin the new one.");
}

std::optional<StagedPackage> stage_source(const PackageSource& source, const LoadSettings& settings,
                                          std::string& name, Diagnostics& diagnostics) {
  const PackageCache cache(settings.cache);
  if (const auto kept = cache.find(source)) {
    name = kept->name;
    return stage(kept);
  }
  const std::vector<ReadFile> files = read_files(source, diagnostics);
  if (!files.front().good) return std::nullopt;
  const auto& [file, content] = files.front().file;
  const Manifest manifest = read_manifest(content, file, diagnostics);
  if (!manifest.name.empty()) name = manifest.name;
  if (!manifest.library.empty()) {
    rest::SourceReader(file, diagnostics)
        .check_keys(content, "A package with a library", rest::key_names("native_package"));
    if (!diagnostics.empty()) {
      note_library(source.folder, manifest, diagnostics);
      return std::nullopt;
    }
    if (settings.native) {
      return settings.native(manifest, source.folder, source.hash, diagnostics);
    }
    diagnostics.add(content.find("library")->position(file), "bad_package",
                    "This engine loads no libraries.");
    return std::nullopt;
  }
  const std::string encoded = encode(compile(manifest, files, diagnostics));
  if (!diagnostics.empty()) return std::nullopt;
  cache.keep(source, encoded);
  return stage(decode(encoded));
}

}  // namespace

std::optional<StagedPackage> stage_folder(const std::filesystem::path& folder,
                                          const LoadSettings& settings, std::string& name,
                                          Diagnostics& diagnostics) {
  name = folder.filename().string();
  try {
    const PackageSource source = read_package_source(folder, diagnostics);
    std::optional<StagedPackage> staged = stage_source(source, settings, name, diagnostics);
    if (staged) require_pinned(*staged, source, diagnostics);
    if (!staged || !diagnostics.empty()) return std::nullopt;
    staged->folder = folder;
    if (staged->hash.empty()) staged->hash = source.hash;
    return staged;
  } catch (const Error& error) {
    const Diagnostic fault = fault_of(folder, error);
    diagnostics.add(fault.position, fault.code, fault.message);
    return std::nullopt;
  }
}

Packages Packages::load(const LoadSettings& settings, const BuiltIn& built_in) {
  Packages packages;
  FoundPackages found = find_packages(settings.folders);
  packages.refused_ = std::move(found.refused);
  if (found.packages.empty()) return packages;
  Names names(built_in);
  for (const PackageFolder& folder : found.packages) {
    Diagnostics diagnostics;
    std::string name;
    auto staged = stage_folder(folder.path, settings, name, diagnostics);
    if (staged && names.take(*staged, diagnostics)) {
      staged->origin = folder.origin;
      packages.loaded_.push_back(std::move(*staged));
    } else {
      packages.refused_.push_back({name, folder.path, folder.origin, diagnostics.sorted()});
    }
  }
  packages.find_doubts();
  return packages;
}

void Packages::find_doubts() {
  std::map<std::filesystem::path, std::vector<std::string>> names;  // by what holds them
  for (const StagedPackage& package : loaded_) {
    names[policy_folder(package.folder)].push_back(package.name);
  }
  for (const RefusedPackage& package : refused_) {
    names[policy_folder(package.folder)].push_back(package.name);
  }
  for (const auto& [folder, known] : names) {
    for (const auto& [name, position] : packages_of_policy(folder)) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      doubts_.push_back({position, "unknown_package",
                         "There is no package '" + name + "' in " + folder.string() +
                             ", so this holds for none." + did_you_mean(name, known)});
    }
  }
}

void Packages::add_to(Registry& registry) const {
  for (const StagedPackage& package : loaded_) {
    for (const StagedNodeType& node : package.nodes) {
      registry.add_lazy(node.id, node.version, node.title, node.load);
    }
  }
  for (const RefusedPackage& package : refused_) {
    registry.refuse(package.name,
                    "Its package '" + package.name + "' is not loaded: " + summary_of(package));
  }
}

void Packages::add_to(CredentialTypes& types) const {
  for (const StagedPackage& package : loaded_) {
    for (const StagedCredentialType& type : package.credentials) types.add(type.load());
  }
}

std::string summary_of(const RefusedPackage& package) {
  if (package.faults.empty()) return "";
  std::string text = to_string(package.faults.front());
  const std::size_t more = package.faults.size() - 1;
  if (more == 0) return text;
  return text + " (and " + std::to_string(more) + " more; 'engine plugin check " +
         package.folder.string() + "' shows all of them)";
}

}  // namespace engine::plugin
