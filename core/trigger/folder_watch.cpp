#include "core/trigger/folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace engine::trigger {
namespace {

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR;
constexpr int kQuietMs = 20;  // editors and Git write several files at a time

}  // namespace

FolderWatch::FolderWatch(std::function<std::vector<std::filesystem::path>()> folders,
                         std::function<void()> changed, std::chrono::milliseconds scan)
    : folders_(std::move(folders)),
      changed_(std::move(changed)),
      scan_(scan),
      notify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  for (const auto& folder : folders_()) inotify_add_watch(notify_, folder.c_str(), kChanges);
  thread_ = std::thread([this] { loop(); });
}

FolderWatch::~FolderWatch() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_, &one, sizeof one);
  thread_.join();
  close(stop_);
  if (notify_ >= 0) close(notify_);
}

void FolderWatch::drain() const {
  std::array<char, 4096> buffer{};
  while (read(notify_, buffer.data(), buffer.size()) > 0) {
  }
}

void FolderWatch::wait_quiet() const {
  pollfd one{notify_, POLLIN, 0};
  for (int rounds = 0; rounds < 50; ++rounds) {
    drain();
    if (poll(&one, 1, kQuietMs) <= 0) return;
  }
}

void FolderWatch::loop() {
  while (true) {
    std::array<pollfd, 2> both{pollfd{stop_, POLLIN, 0}, pollfd{notify_, POLLIN, 0}};
    const int ready = poll(both.data(), both.size(), static_cast<int>(scan_.count()));
    if (both[0].revents != 0) return;
    if (ready > 0) wait_quiet();
    // Adding a folder again changes nothing; those that are gone leave by themselves.
    for (const auto& folder : folders_()) inotify_add_watch(notify_, folder.c_str(), kChanges);
    changed_();
  }
}

}  // namespace engine::trigger
