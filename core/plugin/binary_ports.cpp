#include "core/plugin/binary_ports.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/error.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kMostWriters = 64;
constexpr std::size_t kLargestPiece = std::size_t{16} << 20U;

}  // namespace

std::string BinaryPorts::read(std::string_view binary_json, std::uint64_t offset,
                              std::size_t most) const {
  const Value binary = parse_json(binary_json, "The binary data that a plugin asks for");
  const std::filesystem::path file = store_.path(binary);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::string bytes(std::min(most, kLargestPiece), '\0');
  ssize_t got = -1;
  if (descriptor >= 0) {
    do {
      got = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    ::close(descriptor);
  }
  if (got < 0) {
    throw Error(ErrorCause::storage, "binary_not_read",
                "The binary data " + file.filename().string() + " cannot be read from the disk.");
  }
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::uint64_t BinaryPorts::begin() {
  const std::lock_guard lock(mutex_);
  if (writers_.size() >= kMostWriters) {
    throw Error(ErrorCause::user, "plugin_bad_request",
                "A plugin writes more than " + std::to_string(kMostWriters) +
                    " pieces of binary data at once.");
  }
  writers_.emplace(++last_, store_.writer());
  return last_;
}

std::shared_ptr<BinaryStore::Writer> BinaryPorts::find(std::uint64_t writer) {
  const std::lock_guard lock(mutex_);
  const auto found = writers_.find(writer);
  if (found == writers_.end()) {
    throw Error(ErrorCause::user, "plugin_bad_request",
                "A plugin writes binary data that it did not begin.");
  }
  return found->second;
}

void BinaryPorts::write(std::uint64_t writer, std::string_view bytes) {
  find(writer)->write(bytes);
}

std::string BinaryPorts::finish(std::uint64_t writer, std::string_view mime_type,
                                std::string_view file_name) {
  const auto out = find(writer);
  std::string json = print_json(out->finish(mime_type, file_name));
  const std::lock_guard lock(mutex_);
  writers_.erase(writer);
  return json;
}

}  // namespace engine::plugin
