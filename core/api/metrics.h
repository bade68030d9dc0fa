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

  /// A request to a service waited: for its pace, or to be repeated.
  void waited(Milliseconds time);

  /// What others count.
  struct Observed {
    trigger::Dispatcher::Load load;
    store::CommitCounts commits;
    std::uint64_t refused = 0;  ///< deliveries whose signature, credential or address was wrong
  };
  std::string text(const Observed& observed) const;

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
  std::atomic<std::uint64_t> waits_{0};
  std::atomic<std::int64_t> waited_ms_{0};
};

}  // namespace engine::api
