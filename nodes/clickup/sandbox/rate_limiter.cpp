#include "nodes/clickup/sandbox/rate_limiter.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::uint32_t kLargestPlan = 10'000;
constexpr std::size_t kMostWindows = 10'000;

void add(http::Headers& headers, std::uint32_t limit, std::uint32_t remaining, TimePoint end) {
  headers.add("X-RateLimit-Limit", std::to_string(limit));
  headers.add("X-RateLimit-Remaining", std::to_string(remaining));
  headers.add("X-RateLimit-Reset", std::to_string((to_ms(end) + 999) / 1000));
}

}  // namespace

bool RateLimiter::admit(const std::string& token, TimePoint now, http::Headers& headers) {
  constexpr std::chrono::minutes kWindow{1};
  if (per_minute_ == 0) {
    add(headers, kLargestPlan, kLargestPlan - 1, now + kWindow);
    return true;
  }
  // Tokens are the caller's invention; forgetting all of them is cheap and rare.
  if (windows_.size() >= kMostWindows) windows_.clear();
  Window& window = windows_[token];
  if (window.used == 0 || now >= window.end) window = {now + kWindow, 0};
  const bool admitted = window.used < per_minute_;
  if (admitted) ++window.used;
  add(headers, per_minute_, per_minute_ - window.used, window.end);
  return admitted;
}

}  // namespace engine::clickup::sandbox
