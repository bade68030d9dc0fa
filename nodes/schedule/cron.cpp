#include "nodes/schedule/cron.h"

namespace engine::nodes {
namespace {

using date::days;
using date::local_days;
using date::local_seconds;
using std::chrono::seconds;

constexpr int kLastYear = 9999;

/// The first set bit at `from` or after it; the size when there is none.
template <std::size_t N>
std::size_t first_from(const std::bitset<N>& bits, std::size_t from) {
  while (from < N && !bits[from]) ++from;
  return from;
}

TimePoint at_offset(local_seconds local, seconds offset) {
  return TimePoint(Milliseconds(local.time_since_epoch() - offset));
}

/// The first time that comes twice, or the jump over one that does not come.
TimePoint due(local_seconds local, const date::time_zone& zone) {
  const date::local_info info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent) return TimePoint(info.second.begin);
  return at_offset(local, info.first.offset);
}

local_seconds first_of_next_month(date::year_month_day day) {
  return local_days(day.year() / day.month() / 1 + date::months(1));
}

}  // namespace

bool Cron::fits(date::year_month_day ymd) const {
  const date::weekday weekday{local_days(ymd)};
  const date::year_month_day_last last = ymd.year() / ymd.month() / date::last;
  const auto day = static_cast<unsigned>(ymd.day());
  const auto last_day = static_cast<unsigned>(last.day());
  const bool by_day = days_[day] || (last_day_ && day == last_day);
  bool by_weekday = weekdays_[weekday.c_encoding()];
  for (const NthDay& nth : nth_days_) {
    const bool in_place = nth.index == 0 ? day + 7 > last_day : (day + 6) / 7 == nth.index;
    by_weekday = by_weekday || (nth.weekday == weekday.c_encoding() && in_place);
  }
  if (any_day_) return by_weekday;
  if (any_weekday_) return by_day;
  return by_day || by_weekday;
}

std::optional<local_seconds> Cron::next_in_day(local_days day, seconds from) const {
  const auto start = static_cast<std::size_t>(from.count());
  std::size_t minute = start / 60 % 60;
  std::size_t second = start % 60;
  for (std::size_t hour = first_from(hours_, start / 3600); hour < 24;
       hour = first_from(hours_, hour + 1)) {
    if (hour != start / 3600) minute = second = 0;
    for (std::size_t m = first_from(minutes_, minute); m < 60; m = first_from(minutes_, m + 1)) {
      if (m != minute) second = 0;
      const std::size_t s = first_from(seconds_, second);
      if (s < 60) return day + seconds((hour * 60 + m) * 60 + s);
    }
    minute = second = 0;
  }
  return std::nullopt;
}

std::optional<local_seconds> Cron::next_local(local_seconds from) const {
  for (;;) {
    const auto day = std::chrono::floor<days>(from);
    const date::year_month_day ymd(day);
    if (static_cast<int>(ymd.year()) > kLastYear) return std::nullopt;
    if (!months_[static_cast<unsigned>(ymd.month())]) {
      from = first_of_next_month(ymd);
      continue;
    }
    if (fits(ymd)) {
      if (const auto found = next_in_day(day, from - day)) return found;
    }
    from = day + days(1);
  }
}

/// Each period between two changes of the clock has one offset, in which local time passes evenly.
std::optional<TimePoint> Cron::next_passing(TimePoint after, const date::time_zone& zone) const {
  auto from = std::chrono::floor<seconds>(after) + seconds(1);
  for (;;) {
    const date::sys_info info = zone.get_info(from);
    const auto local = next_local(local_seconds(from.time_since_epoch() + info.offset));
    if (!local) return std::nullopt;
    const TimePoint tick = at_offset(*local, info.offset);
    if (tick < info.end) return tick;
    from = info.end;
  }
}

std::optional<TimePoint> Cron::next(TimePoint after, const date::time_zone& zone) const {
  if (hours_.all()) return next_passing(after, zone);
  local_seconds from = std::chrono::floor<seconds>(zone.to_local(after));
  // Within a repeated hour, what is due the first time is over already.
  for (;;) {
    const auto local = next_local(from + seconds(1));
    if (!local) return std::nullopt;
    if (const TimePoint tick = due(*local, zone); tick > after) return tick;
    from = *local;
  }
}

}  // namespace engine::nodes
