#include "core/node/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace engine {
namespace {

std::string temporary_name(Random& random) {
  std::array<char, 16> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), random.next(), 16);
  return std::string(kTemporaryPrefix) + std::string(digits.data(), end);
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw write_error(folder);
  // Some network file systems cannot sync folders; the data itself is safe by then.
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS;
  ::close(descriptor);
  if (failed) throw write_error(folder);
}

}  // namespace

Error write_error(const std::filesystem::path& file) {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT) {
    return {ErrorCause::storage, "disk_full",
            "There is no space left to write '" + file.string() +
                "'. Free some space on that disk and try again."};
  }
  if (reason == ENOENT) {
    return {ErrorCause::storage, "file_not_written",
            "'" + file.string() + "' cannot be written: its folder does not exist. Make it first."};
  }
  return {ErrorCause::storage, "file_not_written",
          "'" + file.string() + "' cannot be written: " + std::strerror(reason) + "."};
}

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& shown) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw write_error(shown);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

AtomicFile::AtomicFile(const std::filesystem::path& folder, Random& random, mode_t mode,
                       const std::filesystem::path& shown)
    : folder_(folder), shown_(shown) {
  do {
    path_ = folder / temporary_name(random);
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (shown_.empty()) shown_ = path_;
  if (descriptor_ < 0) throw write_error(shown_);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  write_all(descriptor_, bytes, shown_);
  bytes_ += bytes.size();
}

void AtomicFile::commit(const std::string& name) {
  if (::fsync(descriptor_) != 0) throw write_error(shown_);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw write_error(shown_);
  const std::filesystem::path target = folder_ / name;
  if (::rename(path_.c_str(), target.c_str()) != 0) throw write_error(target);
  path_.clear();
  sync_folder(folder_);
}

}  // namespace engine
