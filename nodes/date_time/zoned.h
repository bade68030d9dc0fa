// Calendar arithmetic in a time zone, correct across changes of daylight saving time.
#pragma once

#include <date/tz.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace engine::nodes {

using Local = date::local_time<Milliseconds>;

enum class Unit { year, quarter, month, week, day, hour, minute, second, millisecond };
/// "day" and "days". Nothing for an unknown name.
std::optional<Unit> parse_unit(std::string_view name);

/// A point in time seen in a zone.
struct Zoned {
  TimePoint time;
  const date::time_zone* zone = nullptr;

  Local local() const { return zone->to_local(time); }
  std::chrono::seconds offset() const { return zone->get_info(time).offset; }
};

/// Throws Error{user, "unknown_zone"} with near names.
const date::time_zone* find_zone(const std::string& name);

/// The point in time of a wall clock. A time that a clock skips moves forward by what is skipped;
/// one that comes twice has the offset of `like` where that is one of the two, else the first.
/// Throws Error{user, "date_out_of_range"} outside of the years 0 to 9999.
Zoned at_local(Local local, const date::time_zone* zone,
               std::optional<std::chrono::seconds> like = std::nullopt);

/// Days and longer are counted on the calendar (the wall clock stays), hours and shorter in time
/// that passes. The last day of a month stays in the month.
Zoned add(const Zoned& from, std::int64_t amount, Unit unit);

/// Weeks begin on Monday.
Zoned start_of(const Zoned& time, Unit unit);

/// How many units lie between, with a fraction; negative when `to` is earlier.
double between(const Zoned& from, const Zoned& to, Unit unit);

}  // namespace engine::nodes
