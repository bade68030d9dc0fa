#include "nodes/date_time/zoned.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace engine::nodes {
namespace {

using date::days;
using date::local_days;

constexpr int kLastYear = 9999;

[[noreturn]] void out_of_range() {
  throw Error(ErrorCause::user, "date_out_of_range",
              "The date lies outside of the years 0 to 9999. Use a smaller amount.");
}

Milliseconds length_of(Unit unit) {
  switch (unit) {
    case Unit::year: return days(366);
    case Unit::quarter: return days(92);
    case Unit::month: return days(31);
    case Unit::week: return days(7);
    case Unit::day: return days(1);
    case Unit::hour: return std::chrono::hours(1);
    case Unit::minute: return std::chrono::minutes(1);
    case Unit::second: return std::chrono::seconds(1);
    case Unit::millisecond: return Milliseconds(1);
  }
  return Milliseconds(1);
}

int months_of(Unit unit) {
  return unit == Unit::year ? 12 : unit == Unit::quarter ? 3 : unit == Unit::month ? 1 : 0;
}

Local add_months(Local local, std::int64_t months) {
  const auto day = std::chrono::floor<days>(local);
  const date::year_month_day ymd(day);
  const std::int64_t count = static_cast<int>(ymd.year()) * std::int64_t{12} +
                             static_cast<unsigned>(ymd.month()) - 1 + months;
  if (count < 0 || count >= (kLastYear + 1) * std::int64_t{12}) out_of_range();
  const date::year_month month(date::year(static_cast<int>(count / 12)),
                               date::month(static_cast<unsigned>(count % 12) + 1));
  const date::day last = date::year_month_day_last(month / date::last).day();
  return local_days(month / std::min(ymd.day(), last)) + (local - day);
}

}  // namespace

std::optional<Unit> parse_unit(std::string_view name) {
  static constexpr std::pair<std::string_view, Unit> kUnits[] = {
      {"year", Unit::year},     {"quarter", Unit::quarter}, {"month", Unit::month},
      {"week", Unit::week},     {"day", Unit::day},         {"hour", Unit::hour},
      {"minute", Unit::minute}, {"second", Unit::second},   {"millisecond", Unit::millisecond}};
  if (!name.empty() && name.back() == 's') name.remove_suffix(1);
  for (const auto& [word, unit] : kUnits) {
    if (word == name) return unit;
  }
  return std::nullopt;
}

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    std::vector<std::string> names;
    for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
    Error error(ErrorCause::user, "unknown_zone",
                "There is no time zone '" + name + "'. Use a name like 'Europe/Berlin'." +
                    did_you_mean(name, names));
    error.where.parameter = "timezone";
    throw error;
  }
}

Zoned at_local(Local local, const date::time_zone* zone, std::optional<std::chrono::seconds> like) {
  const date::year_month_day ymd(std::chrono::floor<days>(local));
  if (ymd.year() < date::year(0) || ymd.year() > date::year(kLastYear)) out_of_range();
  const date::local_info info = zone->get_info(local);
  std::chrono::seconds offset = info.first.offset;
  if (info.result == date::local_info::ambiguous && like && *like == info.second.offset)
    offset = info.second.offset;
  return {TimePoint(local.time_since_epoch() - offset), zone};
}

Zoned add(const Zoned& from, std::int64_t amount, Unit unit) {
  const Milliseconds length = length_of(unit);
  if (std::llabs(amount / 2) > days(366 * (kLastYear + 1)) / length) out_of_range();
  if (const int months = months_of(unit); months > 0)
    return at_local(add_months(from.local(), amount * months), from.zone, from.offset());
  if (unit == Unit::week || unit == Unit::day)
    return at_local(from.local() + length * amount, from.zone, from.offset());
  const Zoned result{from.time + length * amount, from.zone};
  return at_local(result.local(), result.zone, result.offset());
}

Zoned start_of(const Zoned& time, Unit unit) {
  const Local local = time.local();
  const auto day = std::chrono::floor<days>(local);
  const date::year_month_day ymd(day);
  switch (unit) {
    case Unit::year: return at_local(local_days(ymd.year() / 1 / 1), time.zone);
    case Unit::quarter: {
      const unsigned month = (static_cast<unsigned>(ymd.month()) - 1) / 3 * 3 + 1;
      return at_local(local_days(ymd.year() / date::month(month) / 1), time.zone);
    }
    case Unit::month: return at_local(local_days(ymd.year() / ymd.month() / 1), time.zone);
    case Unit::week: return at_local(day - (date::weekday(day) - date::Monday), time.zone);
    case Unit::day: return at_local(day, time.zone);
    default:
      return at_local(day + (local - day) / length_of(unit) * length_of(unit), time.zone,
                      time.offset());
  }
}

double between(const Zoned& from, const Zoned& to, Unit unit) {
  if (to.time < from.time) return -between(to, from, unit);
  const auto passed = to.time - from.time;
  const Milliseconds length = length_of(unit);
  if (unit > Unit::day)
    return static_cast<double>(passed.count()) / static_cast<double>(length.count());
  // `length` is the longest that the unit gets, so this is never too much (but for an hour of
  // daylight saving time, which is a unit at most).
  std::int64_t whole = std::max<std::int64_t>(passed / length - 1, 0);
  while (add(from, whole + 1, unit).time <= to.time) ++whole;
  const Zoned low = add(from, whole, unit);
  const Zoned high = add(from, whole + 1, unit);
  return static_cast<double>(whole) + static_cast<double>((to.time - low.time).count()) /
                                          static_cast<double>((high.time - low.time).count());
}

}  // namespace engine::nodes
