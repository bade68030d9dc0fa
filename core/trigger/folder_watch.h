// Tells when files of some folders change.
#pragma once

#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

namespace engine::trigger {

/// A thread that calls `changed` soon after a change (inotify), and every `scan` besides: not every
/// file system tells. Ends with its destruction.
class FolderWatch {
 public:
  /// `folders` is asked before each wait, so that new folders are seen.
  FolderWatch(std::function<std::vector<std::filesystem::path>()> folders,
              std::function<void()> changed, std::chrono::milliseconds scan);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

 private:
  void loop();
  void drain() const;
  void wait_quiet() const;

  const std::function<std::vector<std::filesystem::path>()> folders_;
  const std::function<void()> changed_;
  const std::chrono::milliseconds scan_;
  int notify_ = -1;  // -1: the system has none left; the scan is all there is
  int stop_ = -1;
  std::thread thread_;
};

}  // namespace engine::trigger
