#include "nodes/date_time/date_format.h"

#include <array>
#include <cstdio>

#include "core/base/error.h"
#include "nodes/date_time/date_names.h"

namespace engine::nodes {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How often a letter may stand, by Luxon's table.
bool known_token(char letter, int count) {
  switch (letter) {
    case 'y': return count == 1 || count == 2 || count == 4;
    case 'M':
    case 'L':
    case 'Z': return count <= 4;
    case 'E':
    case 'c': return count == 1 || count == 3 || count == 4;
    case 'S':
    case 'o': return count == 1 || count == 3;
    case 'k': return count == 2 || count == 4;
    case 'd':
    case 'H':
    case 'h':
    case 'm':
    case 's':
    case 'W': return count <= 2;
    case 'q':
    case 'a':
    case 'z':
    case 'X':
    case 'x': return count == 1;
    default: return false;
  }
}

std::string padded(std::int64_t number, int width) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  if (digits.size() < static_cast<std::size_t>(width))
    digits.insert(0, static_cast<std::size_t>(width) - digits.size(), '0');
  return number < 0 ? "-" + digits : digits;
}

std::string print_offset(const Zoned& time, int count) {
  if (count == 4) return time.zone->get_info(time.time).abbrev;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time.offset()).count();
  const std::string sign = minutes < 0 ? "-" : "+";
  const auto size = minutes < 0 ? -minutes : minutes;
  if (count == 1)
    return sign + std::to_string(size / 60) + (size % 60 == 0 ? "" : ":" + padded(size % 60, 2));
  return sign + padded(size / 60, 2) + (count == 2 ? ":" : "") + padded(size % 60, 2);
}

std::string print_year(int year, int count) {
  return count == 2 ? padded(year % 100, 2) : padded(year, count == 4 ? 4 : 1);
}

std::string print_token(char letter, int count, const DateParts& parts, const Zoned& time) {
  switch (letter) {
    case 'y': return print_year(parts.year, count);
    case 'k': return print_year(parts.week_year, count);
    case 'q': return std::to_string(parts.quarter);
    case 'M':
    case 'L': return count > 2 ? month_name(parts.month, count == 3) : padded(parts.month, count);
    case 'd': return padded(parts.day, count);
    case 'o': return padded(parts.day_of_year, count);
    case 'W': return padded(parts.week, count);
    case 'E':
    case 'c':
      return count > 2 ? weekday_name(parts.weekday, count == 3) : std::to_string(parts.weekday);
    case 'H': return padded(parts.hour, count);
    case 'h': return padded(parts.hour % 12 == 0 ? 12 : parts.hour % 12, count);
    case 'm': return padded(parts.minute, count);
    case 's': return padded(parts.second, count);
    case 'S': return padded(parts.millisecond, count);
    case 'a': return parts.hour < 12 ? "AM" : "PM";
    case 'Z': return print_offset(time, count);
    case 'z': return time.zone->name();
    case 'X': return std::to_string(to_ms(time.time) / 1000);
    default: return std::to_string(to_ms(time.time));
  }
}

}  // namespace

DateFormat::DateFormat(std::string_view pattern) {
  const auto literal = [this](char c) {
    if (tokens_.empty() || tokens_.back().letter != 0) tokens_.emplace_back();
    tokens_.back().literal += c;
  };
  bool quoted = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      quoted = !quoted;
      ++i;
    } else if (quoted || !is_letter(c)) {
      literal(c);
      ++i;
    } else {
      int count = 0;
      for (; i < pattern.size() && pattern[i] == c; ++i) ++count;
      if (!known_token(c, count)) {
        throw Error(ErrorCause::user, "bad_format",
                    "'" + std::string(static_cast<std::size_t>(count), c) +
                        "' means nothing in a date format. Use tokens like yyyy-MM-dd HH:mm:ss, "
                        "and put words between single quotes.");
      }
      tokens_.push_back({c, count, {}});
    }
  }
}

std::string DateFormat::print(const Zoned& time) const {
  const DateParts parts = parts_of(time);
  std::string text;
  for (const Token& token : tokens_) {
    text += token.letter == 0 ? token.literal : print_token(token.letter, token.count, parts, time);
  }
  return text;
}

std::string print_iso(const Zoned& time) {
  static const DateFormat kFormat("yyyy-MM-dd'T'HH:mm:ss.SSS");
  const std::string& zone = time.zone->name();
  const bool utc = zone == "UTC" || zone == "Etc/UTC";
  return kFormat.print(time) + (utc ? "Z" : print_offset(time, 2));
}

DateParts parts_of(const Zoned& time) {
  const Local local = time.local();
  const auto day = std::chrono::floor<date::days>(local);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss<Milliseconds> clock(local - day);
  DateParts parts{};
  parts.year = static_cast<int>(ymd.year());
  parts.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  parts.quarter = (parts.month - 1) / 3 + 1;
  parts.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
  parts.hour = static_cast<int>(clock.hours().count());
  parts.minute = static_cast<int>(clock.minutes().count());
  parts.second = static_cast<int>(clock.seconds().count());
  parts.millisecond = static_cast<int>(clock.subseconds().count());
  parts.weekday = static_cast<int>(date::weekday(day).iso_encoding());
  parts.day_of_year = static_cast<int>((day - date::local_days(ymd.year() / 1 / 1)).count()) + 1;
  // A week belongs to the year of its Thursday.
  const auto thursday = day + date::days(4 - parts.weekday);
  const date::year week_year = date::year_month_day(thursday).year();
  parts.week_year = static_cast<int>(week_year);
  parts.week = static_cast<int>((thursday - date::local_days(week_year / 1 / 1)).count()) / 7 + 1;
  return parts;
}

}  // namespace engine::nodes
