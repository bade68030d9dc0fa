#include "core/plugin/text_cache.h"

#include <sys/stat.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/node/atomic_file.h"
#include "core/plugin/trusted_file.h"
#include "core/plugin/version.h"

namespace engine::plugin {
namespace {

constexpr std::string_view kMagic = "engine package 1";
constexpr std::size_t kMostCachedBytes = 256U << 20U;

// The build that runs: another one may make another text of the same.
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

std::string head_of(const std::string& key) {
  return std::string(kMagic) + "\n" + key + "\n" + build_identity() + "\n";
}

}  // namespace

std::optional<std::string> TextCache::find(const std::string& name, const std::string& key) const {
  std::error_code ignored;
  if (folder_.empty() || !std::filesystem::exists(folder_ / name, ignored)) return std::nullopt;
  try {
    std::string bytes = read_trusted(folder_ / name, kMostCachedBytes);
    const std::string head = head_of(key);
    if (bytes.rfind(head, 0) != 0) return std::nullopt;
    const std::size_t sum = bytes.find('\n', head.size());
    if (sum == std::string::npos) return std::nullopt;
    const std::string expected = bytes.substr(head.size(), sum - head.size());
    bytes.erase(0, sum + 1);
    if (checksum(bytes) != expected) return std::nullopt;
    return bytes;
  } catch (const Error&) {
    return std::nullopt;  // made again instead
  }
}

void TextCache::keep(const std::string& name, const std::string& key,
                     const std::string& text) const {
  if (folder_.empty()) return;
  try {
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed) return;
    SystemRandom random;
    AtomicFile file(folder_, random, 0600);
    file.write(head_of(key) + checksum(text) + "\n");
    file.write(text);
    file.commit(name);
  } catch (const Error&) {
    // A full or read-only disk costs time, and nothing else.
  }
}

}  // namespace engine::plugin
