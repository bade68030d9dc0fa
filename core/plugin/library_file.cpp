#include "core/plugin/library_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/plugin/trusted_file.h"

namespace engine::plugin {

LibraryFile::LibraryFile(std::filesystem::path path)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  try {
    if (descriptor_ < 0) {
      throw Error(ErrorCause::user, "plugin_not_read",
                  "The library '" + path_.string() + "' cannot be opened: " + std::strerror(errno) +
                      ". Build the plugin, or name its file in "
                      "'library' of package.yaml.");
    }
    require_trusted(descriptor_, path_);
    require_trusted(path_.parent_path().empty() ? "." : path_.parent_path());
    struct stat status {};
    if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
      throw Error(ErrorCause::user, "plugin_not_read",
                  "The library '" + path_.string() + "' is no regular file.");
    }
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw;
  }
}

LibraryFile::~LibraryFile() {
  if (!kept_) ::close(descriptor_);
}

std::string LibraryFile::hash() const {
  Hash hash("sha256");
  std::array<char, 1U << 16U> buffer{};
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(descriptor_, buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error(
          ErrorCause::user, "plugin_not_read",
          "The library '" + path_.string() + "' cannot be read: " + std::strerror(errno) + ".");
    }
    if (got == 0) return to_hex(hash.finish());
    hash.add({buffer.data(), static_cast<std::size_t>(got)});
    offset += got;
  }
}

void LibraryFile::require_hash(const std::string& sha256) const {
  std::string wanted = sha256;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  const std::string found = hash();
  if (found == wanted) return;
  throw Error(ErrorCause::user, "plugin_hash_mismatch",
              "The library '" + path_.string() + "' has the SHA-256 " + found +
                  ", and plugins.yaml pins " + wanted +
                  ". Install the library that was meant, or pin the new one.");
}

std::string LibraryFile::identity() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return {};
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) + ":" +
         std::to_string(status.st_size) + ":" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

std::string LibraryFile::keep_open() {
  kept_ = true;
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace engine::plugin
