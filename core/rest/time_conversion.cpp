#include "core/rest/time_conversion.h"

#include <date/tz.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::rest {
namespace {

[[noreturn]] void refuse_time(const std::string& message) {
  throw Error(ErrorCause::user, "bad_parameter", message);
}

bool digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size() || !digits(text.substr(at, length))) return std::nullopt;
  int result = 0;
  for (const char c : text.substr(at, length)) result = result * 10 + (c - '0');
  return result;
}

std::optional<date::local_days> read_date(std::string_view text) {
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const date::year_month_day parsed{date::year(*year), date::month(static_cast<unsigned>(*month)),
                                    date::day(static_cast<unsigned>(*day))};
  if (!parsed.ok()) return std::nullopt;
  return date::local_days(parsed);
}

// "18:27", "18:27:05", "18:27:05.250"
std::optional<Milliseconds> read_clock(std::string_view text) {
  const auto hour = number_at(text, 0, 2);
  const auto minute = number_at(text, 3, 2);
  if (!hour || !minute || text[2] != ':' || *hour > 23 || *minute > 59) return std::nullopt;
  Milliseconds result = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (text.size() == 5) return result;
  const auto second = number_at(text, 6, 2);
  if (!second || text[5] != ':' || *second > 59) return std::nullopt;
  result += std::chrono::seconds(*second);
  if (text.size() == 8) return result;
  const std::string_view fraction = text.substr(9);
  if (text[8] != '.' || !digits(fraction) || fraction.size() > 9) return std::nullopt;
  std::string three(fraction.substr(0, 3));
  three.resize(3, '0');
  return result + Milliseconds(*number_at(three, 0, 3));
}

std::int64_t in_zone(date::local_time<Milliseconds> local, const std::string& timezone) {
  const date::time_zone* zone = nullptr;
  try {
    zone = date::locate_zone(timezone);
  } catch (const std::exception&) {
    refuse_time("The time zone '" + timezone + "' is unknown; use a name such as 'Europe/Berlin'.");
  }
  const date::local_info info = zone->get_info(local);
  if (info.result == date::local_info::nonexistent) {
    return std::chrono::duration_cast<Milliseconds>(info.first.end.time_since_epoch()).count();
  }
  return (local.time_since_epoch() - info.first.offset).count();
}

}  // namespace

ReadTime read_time(View value, const std::string& timezone, int date_hour) {
  if (const auto ms = value.as_integer()) return {*ms, std::nullopt};
  const std::string_view text = value.as_string();
  if (digits(text) && text.size() >= 11) {
    if (const auto ms = parse_integer(text)) return {*ms, std::nullopt};
  }
  if (const auto point = parse_time(text)) return {to_ms(*point), true};
  if (const auto day = read_date(text)) {
    const date::local_time<Milliseconds> midnight(*day);
    if (text.size() == 10)
      return {in_zone(midnight + std::chrono::hours(date_hour), timezone), false};
    const auto clock =
        text[10] == 'T' || text[10] == ' ' ? read_clock(text.substr(11)) : std::nullopt;
    if (clock) return {in_zone(midnight + *clock, timezone), true};
  }
  refuse_time(
      "'" + to_text(value) +
      "' is no time. Write a date (2026-11-22), a date and time (2026-11-22T18:30, or with an "
      "offset such as Z or +01:00), or milliseconds since 1970.");
}

}  // namespace engine::rest
