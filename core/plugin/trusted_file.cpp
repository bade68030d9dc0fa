#include "core/plugin/trusted_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/plugin/private_group.h"

namespace engine::plugin {
namespace {

Error not_read(const std::filesystem::path& path, int reason) {
  return {ErrorCause::user, "plugin_not_read",
          "'" + path.string() + "' cannot be read: " + std::strerror(reason) + "."};
}

// A group that has its owner alone is nobody else.
bool others_may_write(const struct stat& status) {
  if ((status.st_mode & S_IWOTH) != 0) return true;
  return (status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid, status.st_uid);
}

void check_owner(const std::filesystem::path& path, const struct stat& status) {
  const std::string file = "'" + path.string() + "'";
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    throw Error(ErrorCause::user, "untrusted_plugin",
                file + " belongs to user " + std::to_string(status.st_uid) +
                    ", and plugins must belong to root or to who runs the engine (user " +
                    std::to_string(geteuid()) + ").");
  }
  if (others_may_write(status)) {
    throw Error(ErrorCause::user, "untrusted_plugin",
                file + " may be changed by other users. Run: chmod go-w " + file);
  }
}

// Of a folder above one that is trusted.
void check_above(const std::filesystem::path& above, const std::filesystem::path& folder) {
  struct stat status {};
  if (stat(above.c_str(), &status) != 0) throw not_read(above, errno);
  const std::string place = "'" + above.string() + "'";
  const std::string reason = ", who could put something else in the place of '" + folder.string() +
                             "' below it; plugins are not loaded from there. ";
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    throw Error(ErrorCause::user, "untrusted_plugin",
                place + " belongs to user " + std::to_string(status.st_uid) + reason +
                    "It must belong to root or to who runs the engine (user " +
                    std::to_string(geteuid()) + ").");
  }
  const bool sticky = (status.st_mode & S_ISVTX) != 0;
  if (!sticky && others_may_write(status)) {
    throw Error(ErrorCause::user, "untrusted_plugin",
                place + " may be changed by other users" + reason + "Run: chmod go-w " + place);
  }
}

void check_all_above(const std::filesystem::path& folder) {
  for (auto above = folder.parent_path(); above != above.parent_path();
       above = above.parent_path()) {
    check_above(above, folder);
  }
  check_above(folder.root_path(), folder);
}

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : number_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (number_ < 0) throw not_read(path, errno);
  }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

void require_trusted(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw not_read(path, errno);
  check_owner(path, status);
}

void require_trusted_way(const std::filesystem::path& folder) {
  require_trusted(folder);
  std::error_code failed;
  auto named = std::filesystem::absolute(folder, failed).lexically_normal();
  if (named.filename().empty()) named = named.parent_path();
  const auto real = std::filesystem::canonical(folder, failed);
  if (failed) throw not_read(folder, failed.value());
  // Links are followed: those who may change a link's folder decide where it leads.
  check_all_above(named);
  if (real != named) check_all_above(real);
}

void require_trusted(int descriptor, const std::filesystem::path& shown) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) throw not_read(shown, errno);
  check_owner(shown, status);
}

namespace {

// `check(status)` is of the open file.
template <typename Check>
std::string read_checked(const std::filesystem::path& file, std::size_t most_bytes,
                         const Check& check) {
  const Descriptor descriptor(file);
  struct stat status {};
  if (fstat(descriptor.number(), &status) != 0) throw not_read(file, errno);
  check(status);
  if (!S_ISREG(status.st_mode)) throw not_read(file, EINVAL);
  std::string text;
  // One byte more than it had, so that the end is seen by the first read.
  text.resize(static_cast<std::size_t>(status.st_size) + 1);
  std::size_t length = 0;
  while (true) {
    if (length > most_bytes) {
      throw Error(ErrorCause::user, "plugin_too_large",
                  "'" + file.string() + "' is not loaded: it has more than " +
                      std::to_string(most_bytes) + " bytes. Split it.");
    }
    if (length == text.size()) text.resize(text.size() * 2);
    const ssize_t got = read(descriptor.number(), text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw not_read(file, errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

}  // namespace

std::string read_trusted(const std::filesystem::path& file, std::size_t most_bytes) {
  return read_checked(file, most_bytes,
                      [&](const struct stat& status) { check_owner(file, status); });
}

std::string read_noting(const std::filesystem::path& file, std::size_t most_bytes,
                        Diagnostics& diagnostics) {
  return read_checked(file, most_bytes, [&](const struct stat& status) {
    try {
      check_owner(file, status);
    } catch (const Error& error) {
      diagnostics.add({file.string(), 0, 0}, error.code(), error.message());
    }
  });
}

}  // namespace engine::plugin
