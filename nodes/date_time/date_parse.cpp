#include <array>

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/date_time/date_format.h"
#include "nodes/date_time/date_names.h"

namespace engine::nodes {
namespace {

// What a text says, piece by piece.
struct Reading {
  std::string_view text;
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  bool half_day = false;
  bool afternoon = false;
  std::optional<std::chrono::minutes> offset;
  std::optional<std::int64_t> epoch_ms;
};

bool take_digits(std::string_view& text, std::size_t least, std::size_t most, std::int64_t& value) {
  std::size_t count = 0;
  value = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9')
    value = value * 10 + (text[count++] - '0');
  text.remove_prefix(count);
  return count >= least;
}

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_offset(Reading& reading) {
  if (take_char(reading.text, 'Z')) {
    reading.offset = std::chrono::minutes(0);
    return true;
  }
  const bool minus = take_char(reading.text, '-');
  if (!minus && !take_char(reading.text, '+')) return false;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!take_digits(reading.text, 1, 2, hours)) return false;
  const bool colon = take_char(reading.text, ':');
  if (!take_digits(reading.text, colon ? 2 : 0, 2, minutes)) return false;
  const auto size = std::chrono::minutes(hours * 60 + minutes);
  reading.offset = minus ? -size : size;
  return true;
}

bool take_half_day(Reading& reading) {
  if (reading.text.size() < 2 || (reading.text[1] | 32) != 'm') return false;
  const int first = reading.text[0] | 32;
  reading.half_day = true;
  reading.afternoon = first == 'p';
  reading.text.remove_prefix(2);
  return first == 'a' || first == 'p';
}

bool take_epoch(Reading& reading, std::int64_t factor) {
  const bool minus = take_char(reading.text, '-');
  std::int64_t value = 0;
  if (!take_digits(reading.text, 1, 15, value)) return false;
  reading.epoch_ms = (minus ? -value : value) * factor;
  return true;
}

bool take_number(Reading& reading, int count, std::int64_t& value) {
  return count == 1 ? take_digits(reading.text, 1, 2, value)
                    : take_digits(reading.text, 2, 2, value);
}

bool take_year(Reading& reading, int count) {
  if (count != 2) return take_digits(reading.text, count == 4 ? 4 : 1, 4, reading.year);
  if (!take_digits(reading.text, 2, 2, reading.year)) return false;
  reading.year += reading.year > 60 ? 1900 : 2000;  // where Luxon cuts the century
  return true;
}

bool take_token(Reading& reading, char letter, int count) {
  switch (letter) {
    case 'y': return take_year(reading, count);
    case 'M':
    case 'L':
      if (count <= 2) return take_number(reading, count, reading.month);
      reading.month = take_month(reading.text);
      return reading.month > 0;
    case 'd': return take_number(reading, count, reading.day);
    case 'H':
    case 'h': return take_number(reading, count, reading.hour);
    case 'm': return take_number(reading, count, reading.minute);
    case 's': return take_number(reading, count, reading.second);
    case 'S': return take_digits(reading.text, count == 3 ? 3 : 1, 3, reading.millisecond);
    case 'a': return take_half_day(reading);
    case 'E':
    case 'c': return count > 2 && take_weekday(reading.text) > 0;
    case 'Z': return count <= 3 && take_offset(reading);
    case 'X': return take_epoch(reading, 1000);
    case 'x': return take_epoch(reading, 1);
    default:
      throw Error(ErrorCause::user, "bad_format",
                  std::string("The token '") + letter +
                      "' can be printed, but a date cannot be read by it. Use tokens like "
                      "yyyy-MM-dd HH:mm:ss for 'input_format'.");
  }
}

std::optional<Zoned> result_of(const Reading& r, const date::time_zone* zone) {
  if (r.epoch_ms) {
    const Zoned time{from_ms(*r.epoch_ms), zone};
    return at_local(time.local(), zone, time.offset());
  }
  const auto ymd = date::year(static_cast<int>(r.year)) /
                   date::month(static_cast<unsigned>(r.month)) /
                   date::day(static_cast<unsigned>(r.day));
  const bool midnight = r.hour == 24 && r.minute == 0 && r.second == 0 && r.millisecond == 0;
  if (!ymd.ok() || (r.hour > 23 && !midnight) || r.minute > 59 || r.second > 59) return {};
  if (r.half_day && (r.hour < 1 || r.hour > 12)) return {};
  const std::int64_t hour = r.half_day ? r.hour % 12 + (r.afternoon ? 12 : 0) : r.hour;
  const Local local = date::local_days(ymd) + std::chrono::hours(hour) +
                      std::chrono::minutes(r.minute) + std::chrono::seconds(r.second) +
                      Milliseconds(r.millisecond);
  if (!r.offset) return at_local(local, zone);
  return Zoned{TimePoint(local.time_since_epoch() - *r.offset), zone};
}

}  // namespace

std::optional<Zoned> DateFormat::parse(std::string_view text, const date::time_zone* zone) const {
  Reading reading;
  reading.text = text;
  for (const Token& token : tokens_) {
    if (token.letter != 0) {
      if (!take_token(reading, token.letter, token.count)) return std::nullopt;
      continue;
    }
    if (reading.text.substr(0, token.literal.size()) != token.literal) return std::nullopt;
    reading.text.remove_prefix(token.literal.size());
  }
  if (!reading.text.empty()) return std::nullopt;
  return result_of(reading, zone);
}

Zoned read_date(View value, const date::time_zone* zone) {
  static const std::array<DateFormat, 6> kForms = {DateFormat("yyyy-MM-dd"),
                                                   DateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS"),
                                                   DateFormat("yyyy-MM-dd'T'HH:mm:ss"),
                                                   DateFormat("yyyy-MM-dd'T'HH:mm"),
                                                   DateFormat("yyyy-MM"),
                                                   DateFormat("x")};
  if (const auto ms = value.as_integer()) {
    constexpr std::int64_t kFarthest = 253'402'300'799'999;  // the end of the year 9999
    if (*ms >= -kFarthest && *ms <= kFarthest) return {from_ms(*ms), zone};
  }
  std::string text(value.as_string());
  if (const auto time = parse_time(text)) return {*time, zone};
  if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
  if (const auto time = parse_time(text)) return {*time, zone};
  for (const DateFormat& form : kForms) {
    if (auto time = form.parse(text, zone)) return *time;
  }
  throw Error(ErrorCause::user, "bad_date",
              "'" + to_text(value).substr(0, 100) +
                  "' is not a date. Give ISO 8601 (2026-03-29 or 2026-03-29T14:30:00+02:00) or "
                  "milliseconds since 1970, or say how it is written with 'input_format'.");
}

}  // namespace engine::nodes
