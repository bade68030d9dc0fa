// How many requests may still be sent in the current window of one service account: pure
// arithmetic.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/http/rate_facts.h"

namespace engine::http {

/// Starts unknown: one request goes ahead alone, and its answer tells whether there is a limit.
/// Then requests in flight count as spent. Not thread-safe.
class RateBudget {
 public:
  /// Nothing: go now. Otherwise how long to wait before asking again; kUntilAnswer when only an
  /// answer to a request in flight can change it.
  std::optional<Milliseconds> wait(TimePoint now) const;
  static constexpr Milliseconds kUntilAnswer{3'600'000};

  void sent(TimePoint now);
  /// Nothing: there was no answer. `jitter` is added to every wait that the facts cause.
  void answered(const std::optional<RateFacts>& facts, TimePoint now, Milliseconds jitter);

 private:
  enum class Known { nothing, no_limit, limit };

  void learn(const RateFacts& facts, TimePoint now, Milliseconds jitter);
  void open_window(TimePoint now);

  Known known_ = Known::nothing;
  std::int64_t in_flight_ = 0;
  std::int64_t limit_ = 0;
  std::int64_t left_ = 0;  ///< may still be sent in this window
  TimePoint window_end_{};
  TimePoint blocked_until_{};
};

}  // namespace engine::http
