// A file read in pieces, so that its size does not matter.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace engine::nodes {

class ChunkedFile {
 public:
  /// Throws Error{user, "file_missing" | "not_a_file"} and Error{storage, "file_not_read"}.
  explicit ChunkedFile(const std::filesystem::path& path);
  ~ChunkedFile();
  ChunkedFile(const ChunkedFile&) = delete;
  ChunkedFile& operator=(const ChunkedFile&) = delete;

  /// The next piece, without a byte order mark in front; empty at the end. Valid until the next
  /// call.
  std::string_view next();
  std::string_view next_raw();  ///< with it

  std::size_t size() const { return size_; }  ///< when it was opened
  std::size_t consumed() const { return consumed_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
  std::size_t consumed_ = 0;
  std::string buffer_;
};

}  // namespace engine::nodes
