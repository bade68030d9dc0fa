// What another process uses, watched from outside.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>

#include "core/base/time.h"

namespace engine::process {

/// Of what the child of one call may use; counted while the child is waited for, not while the
/// engine works for it.
struct Limits {
  std::optional<Milliseconds> wall;
  std::optional<Milliseconds> processor;  ///< of all its threads together
  std::uint64_t memory_bytes = 0;         ///< of its own pages; 0: no limit
};

/// Cheap to ask again and again. Used by one thread at a time.
class Usage {
 public:
  explicit Usage(pid_t pid);
  ~Usage();
  Usage(const Usage&) = delete;
  Usage& operator=(const Usage&) = delete;

  /// Pages that are in memory and shared with nobody. 0 when it cannot be told.
  std::uint64_t memory_bytes() const;
  /// The same, as it was within the last millisecond: asking takes as long as a short call.
  std::uint64_t recent_memory_bytes();
  /// 0 when it cannot be told.
  std::chrono::nanoseconds processor() const;

 private:
  int statm_;
  std::uint64_t recent_ = 0;
  std::chrono::steady_clock::time_point looked_;
  clockid_t clock_{};
  bool has_clock_ = false;
};

}  // namespace engine::process
