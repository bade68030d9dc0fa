// Requests of one call that are under way at the same time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "core/plugin/native_call.h"

namespace engine::plugin {

/// Begun one by one, taken in the order in which they end. Thread-safe.
class PendingSends {
 public:
  /// The call outlives it.
  explicit PendingSends(NativeCall& call) : call_(call) {}
  /// Waits for those that are still under way.
  ~PendingSends();
  PendingSends(const PendingSends&) = delete;
  PendingSends& operator=(const PendingSends&) = delete;

  /// Throws Error{user, "plugin_bad_request"} when there are too many.
  std::uint64_t begin(std::string_view request, std::string_view body);

  struct Ended {
    std::uint64_t id = 0;  ///< 0: none has ended so far
    std::string reply;     ///< for read_reply
  };
  /// Waits for a moment.
  Ended next();

 private:
  NativeCall& call_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Ended> ended_;
  std::map<std::uint64_t, std::thread> threads_;  // by id; of those that were not taken yet
  std::uint64_t last_id_ = 0;
};

}  // namespace engine::plugin
