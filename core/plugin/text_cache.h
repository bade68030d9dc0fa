// Texts that are cheaper to read than to make again, kept between runs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace engine::plugin {

/// A text counts only for exactly the key that it was kept for, and for exactly this build of the
/// engine. Damaged, foreign or old files count as missing. Nothing here fails.
class TextCache {
 public:
  /// In this folder, which is made when needed; empty: nothing is kept.
  explicit TextCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `file` is a file name, `key` one line.
  std::optional<std::string> find(const std::string& file, const std::string& key) const;
  void keep(const std::string& file, const std::string& key, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace engine::plugin
