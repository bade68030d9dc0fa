// Time: the clock port, durations as people write them, and ISO 8601 in UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

using Milliseconds = std::chrono::milliseconds;

/// Milliseconds since 1970-01-01T00:00:00Z.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

/// Port. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
};

/// "500ms", "30s", "5m", "2h", "7d", also joined: "1h30m". Nothing for any other text, and for
/// more than 100 years. A bare number is not a duration: its unit would be a guess.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// The shortest exact form: "1h30m", "250ms", "0s".
std::string format_duration(Milliseconds duration);

/// "2026-11-22T18:27:12.000Z"
std::string format_time(TimePoint time);

/// ISO 8601 with `Z` or an offset, date and time: "2026-11-22T18:27:12+01:00", seconds and
/// fraction optional. Nothing for any other text (a date without zone is not a point in time).
std::optional<TimePoint> parse_time(std::string_view text);

inline std::int64_t to_ms(TimePoint time) {
  return time.time_since_epoch().count();
}
inline TimePoint from_ms(std::int64_t ms) {
  return TimePoint(Milliseconds(ms));
}

}  // namespace engine
