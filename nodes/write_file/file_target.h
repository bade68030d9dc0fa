// Where a file is written to: a new one that replaces the old at once, or the end of the old one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/node/atomic_file.h"

namespace engine::nodes {

/// Takes bytes in any portions and writes them in large ones. Nothing of the file changes before
/// `commit`, or everything is taken back when that is not reached. Throws Error{storage}.
class FileTarget {
 public:
  virtual ~FileTarget() = default;

  void write(std::string_view bytes);
  /// Makes it durable. Gives the number of bytes that were written.
  std::size_t commit();

  /// To be filled directly; `flush_if_large` from time to time.
  std::string& buffer() { return buffer_; }
  void flush_if_large();

 protected:
  virtual void put(std::string_view bytes) = 0;
  virtual void finish() = 0;

 private:
  void flush();
  std::string buffer_;
  std::size_t bytes_ = 0;
};

std::unique_ptr<FileTarget> replace_file(const std::filesystem::path& path, Random& random);
/// Begins a new line where the file does not end with one.
std::unique_ptr<FileTarget> append_to_file(const std::filesystem::path& path, bool by_lines);

}  // namespace engine::nodes
