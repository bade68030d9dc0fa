#include "core/http/rate_budget.h"

#include <algorithm>

namespace engine::http {
namespace {

constexpr Milliseconds kShortestBlock{1000};
constexpr Milliseconds kDefaultWindow{60'000};
// Resets are told in whole seconds; the same window may look this much longer or shorter.
constexpr Milliseconds kSameWindow{1500};

}  // namespace

std::optional<Milliseconds> RateBudget::wait(TimePoint now) const {
  if (now < blocked_until_) return blocked_until_ - now;
  switch (known_) {
    case Known::no_limit: return std::nullopt;
    case Known::nothing: return in_flight_ == 0 ? std::nullopt : std::optional(kUntilAnswer);
    case Known::limit: break;
  }
  if (now < window_end_) return left_ > 0 ? std::nullopt : std::optional(window_end_ - now);
  // The window is over and the next is not known yet: what is in flight counts in it.
  return in_flight_ < std::max<std::int64_t>(limit_, 1) ? std::nullopt
                                                        : std::optional(kUntilAnswer);
}

void RateBudget::sent(TimePoint now) {
  if (known_ == Known::limit && now >= window_end_) open_window(now);
  ++in_flight_;
  --left_;
}

// Without word of the service: a full budget, less what is in flight.
void RateBudget::open_window(TimePoint now) {
  left_ = std::max<std::int64_t>(limit_, 1) - in_flight_;
  window_end_ = now + kDefaultWindow;
}

void RateBudget::answered(const std::optional<RateFacts>& facts, TimePoint now,
                          Milliseconds jitter) {
  --in_flight_;
  if (!facts) return;
  learn(*facts, now, jitter);
  if (!facts->refused) return;
  const Milliseconds wait = std::max(facts->wait().value_or(kShortestBlock), kShortestBlock);
  blocked_until_ = std::max(blocked_until_, now + wait + jitter);
  // Afterwards a new window begins, whatever was thought to be left of this one.
  if (known_ == Known::limit) {
    left_ = 0;
    window_end_ = blocked_until_;
  } else {
    known_ = Known::nothing;
  }
}

void RateBudget::learn(const RateFacts& facts, TimePoint now, Milliseconds jitter) {
  if (!facts.remaining) {
    if (known_ == Known::nothing) known_ = Known::no_limit;
    return;
  }
  const TimePoint end = now + facts.reset.value_or(kDefaultWindow) + jitter;
  const bool first = known_ != Known::limit || now >= window_end_;
  known_ = Known::limit;
  limit_ = facts.limit.value_or(std::max(limit_, *facts.remaining + 1));
  if (!first && end + kSameWindow < window_end_) {
    // The window is one we opened by guess, or the answer is of the one before; its end tells
    // which.
    if (*facts.remaining <= left_) left_ = *facts.remaining;
    window_end_ = std::max(end, now);
    return;
  }
  if (first || end > window_end_ + kSameWindow) {
    left_ = *facts.remaining - in_flight_;
    window_end_ = end;
    return;
  }
  // The answer counts itself, and perhaps some of those in flight: never more than is said here.
  left_ = std::min(left_, *facts.remaining);
}

}  // namespace engine::http
