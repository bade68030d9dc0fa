// A file that appears whole and durable, or not at all.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/random.h"

namespace engine {

/// Written under a temporary name in the folder of its target, synced, then renamed. Removed again
/// when it is destroyed before `commit`. All functions throw Error{storage, "disk_full" |
/// "file_not_written"}. Not thread-safe.
class AtomicFile {
 public:
  /// `mode` is subject to the umask. Errors name `shown`, or the temporary file when it is empty.
  AtomicFile(const std::filesystem::path& folder, Random& random, mode_t mode,
             const std::filesystem::path& shown = {});
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  std::size_t bytes() const { return bytes_; }

  /// `name` is a file name in the folder; what has it is replaced.
  void commit(const std::string& name);

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
  std::filesystem::path shown_;
  int descriptor_ = -1;
  std::size_t bytes_ = 0;
};

/// Writes all of `bytes`; interruptions are continued.
void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& shown);

/// The error of a failed system call (errno) on a file that is written.
Error write_error(const std::filesystem::path& file);

/// How temporary files begin; whoever lists a folder can leave them out.
constexpr std::string_view kTemporaryPrefix = ".tmp-";

}  // namespace engine
