// The file of a native plugin: opened once, and what was opened is what is checked, hashed, loaded.
#pragma once

#include <filesystem>
#include <string>

namespace engine::plugin {

/// Holds the file open. Not thread-safe.
class LibraryFile {
 public:
  /// Throws Error{user, "plugin_not_read" | "untrusted_plugin"}: see trusted_file.h; the folder is
  /// checked as well.
  explicit LibraryFile(std::filesystem::path path);
  ~LibraryFile();
  LibraryFile(const LibraryFile&) = delete;
  LibraryFile& operator=(const LibraryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// SHA-256 in hexadecimal.
  std::string hash() const;
  /// Throws Error{user, "plugin_hash_mismatch"}.
  void require_hash(const std::string& sha256) const;
  /// Another text when the file was replaced or changed.
  std::string identity() const;
  /// What dlopen is to be given: the open file, whatever has its name by now. It stays open for
  /// good, because the loader knows libraries by their names.
  std::string keep_open();

 private:
  std::filesystem::path path_;
  int descriptor_;
  bool kept_ = false;
};

}  // namespace engine::plugin
