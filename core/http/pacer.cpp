#include "core/http/pacer.h"

#include <algorithm>

namespace engine::http {

Pacer::Pacer(const Clock& clock, Random& random, Milliseconds longest_pause, WaitFunction wait)
    : clock_(clock), random_(random), longest_pause_(longest_pause), wait_(std::move(wait)) {}

Pacer::Pass Pacer::start(const std::string& key, const Cancellation& cancellation) {
  cancellation.check();
  Line* line = nullptr;
  {
    const std::lock_guard lock(mutex_);
    line = &lines_[key];
    if (line->waiting.empty() && !try_start(*line, nullptr)) return {*this, *line};
  }
  Cancellation place = cancellation.child();
  {
    const std::lock_guard lock(mutex_);
    line->waiting.push_back(&place);
  }
  for (;;) {
    std::optional<Milliseconds> pause;
    {
      const std::lock_guard lock(mutex_);
      if (place.requested()) {
        // Woken to look again: the next wait needs a fresh flag, in the same place.
        place = cancellation.child();
      }
      pause = try_start(*line, &place);
    }
    if (!pause) return {*this, *line};
    const bool too_long = *pause > longest_pause_ && *pause != RateBudget::kUntilAnswer;
    if (!too_long) wait_(*pause, place);
    if (too_long || cancellation.requested()) {
      leave(*line, &place);
      cancellation.check();
      throw too_long_a_pause(*pause);
    }
  }
}

std::size_t Pacer::waiting(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return lines_[key].waiting.size();
}

// Called with the lock held. Nothing: the request counts as sent.
std::optional<Milliseconds> Pacer::try_start(Line& line, const Cancellation* place) {
  if (place != nullptr && line.waiting.front() != place) return RateBudget::kUntilAnswer;
  const TimePoint now = clock_.now();
  if (const auto pause = line.budget.wait(now)) return pause;
  line.budget.sent(now);
  if (place != nullptr) line.waiting.pop_front();
  if (!line.waiting.empty()) line.waiting.front()->cancel(CancelReason::cancelled);
  return std::nullopt;
}

void Pacer::leave(Line& line, const Cancellation* place) {
  const std::lock_guard lock(mutex_);
  line.waiting.erase(std::find(line.waiting.begin(), line.waiting.end(), place));
  if (!line.waiting.empty()) line.waiting.front()->cancel(CancelReason::cancelled);
}

void Pacer::finish(Line& line, const std::optional<RateFacts>& facts) {
  const Milliseconds extra = jitter();
  const std::lock_guard lock(mutex_);
  line.budget.answered(facts, clock_.now(), extra);
  if (!line.waiting.empty()) line.waiting.front()->cancel(CancelReason::cancelled);
}

Milliseconds Pacer::jitter() {
  constexpr std::uint64_t kMostMs = 250;
  return Milliseconds(static_cast<std::int64_t>(random_.below(kMostMs)));
}

Error too_long_a_pause(Milliseconds pause, int http_status) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(pause);
  Error error(ErrorCause::rate_limited, "rate_limited",
              "The service asks to wait " + format_duration(seconds) +
                  " before the next request, which is too long. Try again later, or send fewer "
                  "requests.");
  error.retry_after = pause;
  error.http_status = http_status;
  return error;
}

}  // namespace engine::http
