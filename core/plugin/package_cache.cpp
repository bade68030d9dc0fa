#include "core/plugin/package_cache.h"

#include <sys/stat.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/node/atomic_file.h"
#include "core/plugin/trusted_file.h"
#include "core/plugin/version.h"

namespace engine::plugin {
namespace {

constexpr std::string_view kMagic = "engine package 1";
constexpr std::size_t kMostBytes = 256U << 20U;

// The build that runs: another one may read the same YAML in another way.
std::string build_identity() {
  struct stat status {};
  if (stat("/proc/self/exe", &status) != 0) return std::string(engine_version());
  return std::string(engine_version()) + " " + std::to_string(status.st_size) + " " +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

std::string checksum(std::string_view bytes) {
  const uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  return std::to_string(sum);
}

}  // namespace

PackageCache::PackageCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

std::filesystem::path PackageCache::file_of(const PackageSource& source) const {
  std::error_code ignored;
  const auto path = std::filesystem::weakly_canonical(source.folder, ignored);
  return folder_ / (to_hex(hash_of("sha256", path.string())).substr(0, 32) + ".package");
}

std::string PackageCache::key_of(const PackageSource& source) const {
  return std::string(kMagic) + "\n" + source.hash + "\n" + build_identity() + "\n";
}

std::shared_ptr<const CompiledPackage> PackageCache::find(const PackageSource& source) const {
  std::error_code ignored;
  const auto file = folder_.empty() ? folder_ : file_of(source);
  if (file.empty() || !std::filesystem::exists(file, ignored)) return nullptr;
  try {
    std::string bytes = read_trusted(file, kMostBytes);
    const std::string key = key_of(source);
    if (bytes.rfind(key, 0) != 0) return nullptr;
    const std::size_t sum = bytes.find('\n', key.size());
    if (sum == std::string::npos) return nullptr;
    const std::string expected = bytes.substr(key.size(), sum - key.size());
    bytes.erase(0, sum + 1);
    return checksum(bytes) == expected ? decode(std::move(bytes)) : nullptr;
  } catch (const Error&) {
    return nullptr;  // compiled again instead
  }
}

void PackageCache::keep(const PackageSource& source, const std::string& encoded) const {
  if (folder_.empty()) return;
  try {
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed) return;
    SystemRandom random;
    AtomicFile file(folder_, random, 0600);
    file.write(key_of(source) + checksum(encoded) + "\n");
    file.write(encoded);
    file.commit(file_of(source).filename().string());
  } catch (const Error&) {
    // A full or read-only disk costs time, and nothing else.
  }
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
