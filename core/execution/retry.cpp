#include "core/execution/retry.h"

#include <algorithm>

namespace engine::execution {

bool can_pass(const Error& error) {
  switch (error.cause()) {
    case ErrorCause::rate_limited:
    case ErrorCause::timeout: return true;
    case ErrorCause::upstream: {
      const int status = error.http_status;
      const bool refused = status >= 400 && status < 500;
      return !refused || status == 408 || status == 425 || status == 429;
    }
    default: return false;
  }
}

Milliseconds retry_delay(const workflow::RetryPolicy& policy, int attempt, const Error& error,
                         Random& random) {
  if (error.retry_after) return *error.retry_after;
  if (policy.backoff == workflow::Backoff::fixed) return policy.delay;
  const int doublings = std::min(attempt - 1, 40);
  // In doubles: a long delay doubled forty times leaves 64 bits.
  const double wanted = static_cast<double>(policy.delay.count()) *
                        static_cast<double>(std::int64_t{1} << static_cast<unsigned>(doublings));
  const double capped = std::min(wanted, static_cast<double>(policy.max_delay.count()));
  return Milliseconds(
      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(capped) + 1)));
}

}  // namespace engine::execution
