// Cron expressions: when a schedule is due, in a time zone, right across daylight saving time.
#pragma once

#include <date/tz.h>

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"

namespace engine::nodes {

/// Five fields (minute, hour, day of month, month, day of week) or six (second first). Each is `*`,
/// a value, a range `a-b`, with a step `*/n`, `a-b/n` or `a/n`, or a list of these with commas;
/// months and days of the week also by name (JAN, MON; Sunday is 0 or 7). `L` is the last day of
/// the month, `5L` or FRIL the last Friday, `MON#2` the second Monday; `?` is `*` in both day
/// fields. With both day fields restricted a day fits when either does. Also @hourly, @daily,
/// @midnight, @weekly, @monthly, @yearly, @annually.
///
/// Immutable, thread-safe.
class Cron {
 public:
  /// Throws Error{user, "bad_cron"} that names the field and what is allowed there, also when the
  /// expression never comes true (30 February).
  static Cron parse(std::string_view text);

  /// The first tick later than `after`. Local times that the clocks skip are due at the moment of
  /// the jump, those that come twice are due the first time. A schedule of every hour (`*`) is due
  /// as time passes instead: it goes on through a repeated hour, and has nothing to make up for
  /// after a skipped one. Nothing past the year 9999.
  std::optional<TimePoint> next(TimePoint after, const date::time_zone& zone) const;

 private:
  friend class CronReader;
  using LocalSeconds = date::local_seconds;

  bool fits(date::year_month_day day) const;
  std::optional<LocalSeconds> next_local(LocalSeconds from) const;
  std::optional<LocalSeconds> next_in_day(date::local_days day, std::chrono::seconds from) const;
  std::optional<TimePoint> next_passing(TimePoint after, const date::time_zone& zone) const;

  struct NthDay {
    unsigned weekday = 0;  ///< 0: Sunday
    unsigned index = 0;    ///< 1 to 5; 0: the last
  };

  std::bitset<60> seconds_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  std::vector<NthDay> nth_days_;
  bool last_day_ = false;
  bool any_day_ = false;
  bool any_weekday_ = false;
};

}  // namespace engine::nodes
