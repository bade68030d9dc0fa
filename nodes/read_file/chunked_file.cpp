#include "nodes/read_file/chunked_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"

namespace engine::nodes {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10U;

Error read_error(const std::filesystem::path& path) {
  const int reason = errno;
  const std::string shown = "'" + path.string() + "'";
  if (reason == ENOENT || reason == ENOTDIR)
    return {ErrorCause::user, "file_missing", "There is no file " + shown + ". Check 'path'."};
  return {ErrorCause::storage, "file_not_read",
          shown + " cannot be read: " + std::strerror(reason) + "."};
}

}  // namespace

ChunkedFile::ChunkedFile(const std::filesystem::path& path) : path_(path) {
  // Without O_NONBLOCK a named pipe would hold the node until somebody writes to it.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw read_error(path);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw Error(ErrorCause::user, "not_a_file",
                "'" + path.string() + "' is a folder or a device, not a file.");
  }
  size_ = static_cast<std::size_t>(status.st_size);
  buffer_.resize(kPiece);
}

ChunkedFile::~ChunkedFile() {
  ::close(descriptor_);
}

std::string_view ChunkedFile::next_raw() {
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw read_error(path_);
  consumed_ += static_cast<std::size_t>(got);
  return {buffer_.data(), static_cast<std::size_t>(got)};
}

std::string_view ChunkedFile::next() {
  const bool first = consumed_ == 0;
  std::string_view piece = next_raw();
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (first && piece.substr(0, kMark.size()) == kMark) {
    piece.remove_prefix(kMark.size());
    if (piece.empty()) return next();
  }
  return piece;
}

}  // namespace engine::nodes
