#include "core/credential/key_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/error.h"

namespace engine {
namespace {

using std::filesystem::path;

[[noreturn]] void throw_failed(const path& file, const char* what, int error) {
  throw Error(ErrorCause::storage, "key_file_failed",
              std::string("The key file '") + file.string() + "' cannot be " + what + ": " +
                  std::generic_category().message(error) + ".");
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void sync_folder(const path& file) {
  const path folder = file.has_parent_path() ? file.parent_path() : path(".");
  const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd() < 0 || ::fsync(opened.fd()) != 0) throw_failed(file, "made durable", errno);
}

// Under a name of its own, complete and durable before anybody can see it.
path write_aside(const path& file, const EncryptionKey& key) {
  std::string name = file.string() + ".XXXXXX";
  const File opened(::mkostemp(name.data(), O_CLOEXEC));  // 0600
  if (opened.fd() < 0) throw_failed(file, "written", errno);
  std::string text = key.text() + "\n";
  const ssize_t written = ::write(opened.fd(), text.data(), text.size());
  const bool complete = written == static_cast<ssize_t>(text.size()) && ::fsync(opened.fd()) == 0;
  const int error = errno;
  wipe(text);
  if (!complete) {
    ::unlink(name.c_str());
    throw_failed(file, "written", error);
  }
  return name;
}

}  // namespace

KeyFileLock::KeyFileLock(const path& key_file, Kind kind)
    : fd_(::open((key_file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0) throw_failed(key_file, "locked", errno);
  while (::flock(fd_, kind == Kind::shared ? LOCK_SH : LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int error = errno;
    ::close(fd_);
    throw_failed(key_file, "locked", error);
  }
}

KeyFileLock::~KeyFileLock() {
  ::close(fd_);
}

std::optional<EncryptionKey> read_key_file(const path& file) {
  const File opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.fd() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw_failed(file, "read", errno);
  }
  struct stat status {};
  if (::fstat(opened.fd(), &status) != 0) throw_failed(file, "read", errno);
  if ((status.st_mode & 077U) != 0) {
    throw Error(ErrorCause::credential, "key_file_exposed",
                "The key file '" + file.string() +
                    "' can be read or changed by others. Run `chmod 600` on it, and "
                    "`engine credentials rotate-key` if somebody may have read it.");
  }
  std::string text(256, '\0');
  const ssize_t size = ::read(opened.fd(), text.data(), text.size());
  if (size < 0) throw_failed(file, "read", errno);
  text.resize(static_cast<std::size_t>(size));
  try {
    EncryptionKey key = EncryptionKey::parse(text);
    wipe(text);
    return key;
  } catch (const Error&) {
    throw Error(ErrorCause::credential, "bad_encryption_key",
                "The key file '" + file.string() +
                    "' holds no key: it is damaged. Restore it from a backup.");
  }
}

EncryptionKey create_key_file(const path& file, const EncryptionKey& key) {
  std::error_code ignored;  // writing tells
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  const path aside = write_aside(file, key);
  // A link, unlike a rename, leaves the key of whoever was faster in place.
  const bool linked = ::link(aside.c_str(), file.c_str()) == 0;
  const int error = errno;
  ::unlink(aside.c_str());
  if (!linked && error != EEXIST) throw_failed(file, "written", error);
  sync_folder(file);
  return read_key_file(file).value();
}

void replace_key_file(const path& from, const path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw_failed(to, "replaced", errno);
  sync_folder(to);
}

}  // namespace engine
