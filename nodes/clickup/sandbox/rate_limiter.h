// Requests per minute and token.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/time.h"
#include "core/http/message.h"

namespace engine::clickup::sandbox {

/// A window of one minute per token, begun by its first request. Not thread-safe.
class RateLimiter {
 public:
  /// `per_minute` 0: nothing is refused, and the headers tell of the largest plan's full budget
  /// (10,000), so that a client that paces itself by them is not slowed down.
  explicit RateLimiter(std::uint32_t per_minute) : per_minute_(per_minute) {}

  /// Counts a request and adds the X-RateLimit headers; false when it is over the limit.
  bool admit(const std::string& token, TimePoint now, http::Headers& headers);

 private:
  struct Window {
    TimePoint end;
    std::uint32_t used = 0;
  };
  std::uint32_t per_minute_;
  std::map<std::string, Window> windows_;
};

}  // namespace engine::clickup::sandbox
