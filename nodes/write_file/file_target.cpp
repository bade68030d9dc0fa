#include "nodes/write_file/file_target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <tuple>

namespace engine::nodes {
namespace {

constexpr std::size_t kLarge = std::size_t{256} << 10U;

class Replacement final : public FileTarget {
 public:
  Replacement(const std::filesystem::path& path, Random& random)
      : name_(path.filename().string()), file_(path.parent_path(), random, mode_of(path), path) {}

 protected:
  void put(std::string_view bytes) override { file_.write(bytes); }
  void finish() override { file_.commit(name_); }

 private:
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    constexpr mode_t kPermissions = 0777;
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & kPermissions : 0666;
  }

  std::string name_;
  AtomicFile file_;
};

class Appendix final : public FileTarget {
 public:
  Appendix(const std::filesystem::path& path, bool by_lines) : path_(path) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
      const Error error = write_error(path);
      if (descriptor_ >= 0) ::close(descriptor_);
      throw error;
    }
    size_before_ = status.st_size;
    char last = '\n';
    if (by_lines && size_before_ > 0 && ::pread(descriptor_, &last, 1, size_before_ - 1) == 1 &&
        last != '\n') {
      buffer() += '\n';
    }
  }

  Appendix(const Appendix&) = delete;
  Appendix& operator=(const Appendix&) = delete;
  ~Appendix() override {
    if (!done_) std::ignore = ::ftruncate(descriptor_, size_before_);
    ::close(descriptor_);
  }

 protected:
  void put(std::string_view bytes) override { write_all(descriptor_, bytes, path_); }
  void finish() override {
    if (::fsync(descriptor_) != 0) throw write_error(path_);
    done_ = true;
  }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  off_t size_before_ = 0;
  bool done_ = false;
};

}  // namespace

void FileTarget::write(std::string_view bytes) {
  flush();
  put(bytes);
  bytes_ += bytes.size();
}

void FileTarget::flush() {
  if (buffer_.empty()) return;
  put(buffer_);
  bytes_ += buffer_.size();
  buffer_.clear();
}

void FileTarget::flush_if_large() {
  if (buffer_.size() >= kLarge) flush();
}

std::size_t FileTarget::commit() {
  flush();
  finish();
  return bytes_;
}

std::unique_ptr<FileTarget> replace_file(const std::filesystem::path& path, Random& random) {
  return std::make_unique<Replacement>(path, random);
}

std::unique_ptr<FileTarget> append_to_file(const std::filesystem::path& path, bool by_lines) {
  return std::make_unique<Appendix>(path, by_lines);
}

}  // namespace engine::nodes
