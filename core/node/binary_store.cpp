#include "core/node/binary_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/node/atomic_file.h"

namespace engine {
namespace {

constexpr mode_t kOwnerOnly = 0600;

bool is_id(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error missing(std::string_view id) {
  return {ErrorCause::storage, "binary_missing",
          is_id(id) ? "The binary data " + std::string(id) +
                          " is not in the store; it may have been pruned. Run the node that made "
                          "it again."
                    : "The item has no binary data of this name, or it is not a reference to "
                      "stored data."};
}

void ensure_folder(const std::filesystem::path& folder) {
  if (std::filesystem::is_directory(folder)) return;
  std::error_code failed;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw write_error(folder);
}

class FileWriter final : public BinaryStore::Writer {
 public:
  FileWriter(const std::filesystem::path& folder, Random& random)
      : folder_(folder), file_(folder, random, kOwnerOnly) {}

  void write(std::string_view bytes) override {
    hash_.add(bytes);
    file_.write(bytes);
  }

  Value finish(std::string_view mime_type, std::string_view file_name) override {
    const std::string id = to_hex(hash_.finish());
    std::error_code absent;
    const bool known = std::filesystem::file_size(folder_ / id, absent) == file_.bytes() && !absent;
    if (!known) {
      file_.commit(id);
    } else {
      // As new as if it had been written: `sweep` leaves it alone.
      ::utimensat(AT_FDCWD, (folder_ / id).c_str(), nullptr, 0);
    }
    return Value::object({{"id", id},
                          {"mime_type", mime_type},
                          {"file_name", file_name},
                          {"size", static_cast<std::int64_t>(file_.bytes())}});
  }

 private:
  std::filesystem::path folder_;
  AtomicFile file_;
  Hash hash_{"sha256"};
};

}  // namespace

BinaryStore::BinaryStore(std::filesystem::path folder, Random& random)
    : folder_(std::move(folder)), random_(random) {}

std::unique_ptr<BinaryStore::Writer> BinaryStore::writer() {
  ensure_folder(folder_);
  return std::make_unique<FileWriter>(folder_, random_);
}

Value BinaryStore::put(std::string_view bytes, std::string_view mime_type,
                       std::string_view file_name) {
  const auto out = writer();
  out->write(bytes);
  return out->finish(mime_type, file_name);
}

std::filesystem::path BinaryStore::path(View binary) const {
  const std::string_view id = binary["id"].as_string();
  // Only names that the store gives are looked up, so no reference can leave the folder.
  if (!is_id(id)) throw missing(id);
  std::filesystem::path file = folder_ / id;
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) throw missing(id);
  return file;
}

std::size_t BinaryStore::sweep(
    std::chrono::system_clock::time_point older_than,
    const std::function<std::set<std::string, std::less<>>()>& used) const {
  const auto old = [&](const std::filesystem::path& file) {
    struct stat facts {};
    if (::lstat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    return std::chrono::system_clock::from_time_t(facts.st_mtim.tv_sec) < older_than;
  };
  std::vector<std::filesystem::path> candidates;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    const std::string name = entry.path().filename().string();
    const bool ours = is_id(name) || name.starts_with(kTemporaryPrefix);
    if (ours && old(entry.path())) candidates.push_back(entry.path());
  }
  if (candidates.empty()) return 0;
  const auto ids = used();
  std::size_t removed = 0;
  for (const std::filesystem::path& file : candidates) {
    // Looked at again: it may have been written anew meanwhile.
    if (!ids.contains(file.filename().string()) && old(file) && ::unlink(file.c_str()) == 0) {
      ++removed;
    }
  }
  return removed;
}

std::string BinaryStore::read(View binary) const {
  const std::filesystem::path file = path(binary);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw missing(binary["id"].as_string());
  std::string bytes;
  std::array<char, 1U << 16U> buffer{};
  ssize_t got = 0;
  while ((got = ::read(descriptor, buffer.data(), buffer.size())) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  if (got < 0) {
    throw Error(ErrorCause::storage, "binary_not_read",
                "The binary data " + file.filename().string() + " cannot be read from the disk.");
  }
  return bytes;
}

}  // namespace engine
