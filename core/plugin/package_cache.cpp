#include "core/plugin/package_cache.h"

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"

namespace engine::plugin {

PackageCache::PackageCache(std::filesystem::path folder) : texts_(std::move(folder)) {}

std::string PackageCache::file_of(const PackageSource& source) const {
  std::error_code ignored;
  const auto path = std::filesystem::weakly_canonical(source.folder, ignored);
  return to_hex(sha256_of(path.string())).substr(0, 32) + ".package";
}

std::shared_ptr<const CompiledPackage> PackageCache::find(const PackageSource& source) const {
  std::optional<std::string> text = texts_.find(file_of(source), source.hash);
  if (!text) return nullptr;
  try {
    return decode(std::move(*text));
  } catch (const Error&) {
    return nullptr;  // compiled again instead
  }
}

void PackageCache::keep(const PackageSource& source, const std::string& encoded) const {
  texts_.keep(file_of(source), source.hash, encoded);
}

std::filesystem::path cache_folder(const Environment& environment) {
  const auto below = [](const std::filesystem::path& cache) { return cache / "engine/packages"; };
  if (const auto folder = environment("XDG_CACHE_HOME"); folder && !folder->empty()) {
    return below(*folder);
  }
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return below(std::filesystem::path(*home) / ".cache");
  }
  return {};
}

}  // namespace engine::plugin
