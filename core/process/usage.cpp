#include "core/process/usage.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace engine::process {

Usage::Usage(pid_t pid)
    : statm_(open(("/proc/" + std::to_string(pid) + "/statm").c_str(), O_RDONLY | O_CLOEXEC)),
      has_clock_(clock_getcpuclockid(pid, &clock_) == 0) {}

Usage::~Usage() {
  if (statm_ >= 0) close(statm_);
}

// "size resident shared …" in pages, see proc(5).
std::uint64_t Usage::memory_bytes() const {
  std::array<char, 128> text{};
  if (statm_ < 0 || pread(statm_, text.data(), text.size() - 1, 0) <= 0) return 0;
  char* at = text.data();
  std::strtoull(at, &at, 10);
  const std::uint64_t resident = std::strtoull(at, &at, 10);
  const std::uint64_t shared = std::strtoull(at, &at, 10);
  static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return resident > shared ? (resident - shared) * page : 0;
}

std::uint64_t Usage::recent_memory_bytes() {
  constexpr Milliseconds kRecent{1};
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ > kRecent) {
    recent_ = memory_bytes();
    looked_ = now;
  }
  return recent_;
}

std::chrono::nanoseconds Usage::processor() const {
  timespec used{};
  if (!has_clock_ || clock_gettime(clock_, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace engine::process
