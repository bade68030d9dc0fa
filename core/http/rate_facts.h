// What an answer says about how fast requests may come.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/http/message.h"

namespace engine::http {

struct RateFacts {
  bool refused = false;                   ///< 429
  std::optional<std::int64_t> limit;      ///< requests per window
  std::optional<std::int64_t> remaining;  ///< of them, in this window
  std::optional<Milliseconds> reset;      ///< until the next window
  std::optional<Milliseconds> retry_after;

  /// How long the service asks to wait, if it says.
  std::optional<Milliseconds> wait() const { return retry_after ? retry_after : reset; }
};

/// Retry-After (seconds or a date; RFC 9110, section 10.2.3) and
/// X-RateLimit-{Limit,Remaining,Reset} (Reset in Unix seconds, or seconds from now). Dates are read
/// against the Date of the answer, so that a clock that is a little off does no harm. Values that
/// make no sense count as absent.
RateFacts rate_facts(const Response& response, TimePoint now);

}  // namespace engine::http
