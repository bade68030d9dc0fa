// What a server counts, in the text format of Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "core/execution/active_execution.h"
#include "core/trigger/dispatcher.h"

namespace engine::api {

/// Thread-safe.
class Metrics {
 public:
  void ended(const execution::ActiveExecution& execution, TimePoint now);
  void answered(int status);

  /// `load` is how much there is to do at this moment.
  std::string text(const trigger::Dispatcher::Load& load) const;

 private:
  struct Durations {
    std::array<std::uint64_t, 8> buckets{};  // of kBounds, each with those before it
    std::uint64_t count = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> ended_;  // workflow, status
  std::map<std::string, Durations> durations_;                          // by workflow
  std::array<std::atomic<std::uint64_t>, 6> answers_{};                 // by hundreds of the status
};

}  // namespace engine::api
