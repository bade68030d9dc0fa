// Dates as text by a pattern with Luxon's tokens
// (https://moment.github.io/luxon/#/formatting?id=table-of-tokens), English names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/value.h"
#include "nodes/date_time/zoned.h"

namespace engine::nodes {

/// A pattern like "yyyy-MM-dd'T'HH:mm"; text between single quotes stands for itself.
class DateFormat {
 public:
  /// Throws Error{user, "bad_format"} that names the unknown token.
  explicit DateFormat(std::string_view pattern);

  std::string print(const Zoned& time) const;

  /// Nothing when the text does not fit. Without an offset in it, it is a time in `zone`.
  std::optional<Zoned> parse(std::string_view text, const date::time_zone* zone) const;

 private:
  struct Token {
    char letter = 0;  // 0: a literal
    int count = 0;
    std::string literal;
  };
  std::vector<Token> tokens_;
};

/// ISO 8601 as Luxon prints it: "2026-03-29T03:30:00.000+02:00", with "Z" in zone UTC.
std::string print_iso(const Zoned& time);

/// What people write for a date: ISO 8601 with or without a time and a zone (then it is in `zone`),
/// or milliseconds since 1970 as a number or text. Throws Error{user, "bad_date"}.
Zoned read_date(View value, const date::time_zone* zone);

struct DateParts {
  int year, quarter, month, day, hour, minute, second, millisecond;
  int weekday;      ///< 1: Monday
  int day_of_year;  ///< from 1
  int week;         ///< ISO 8601
  int week_year;    ///< the year that the week belongs to
};
DateParts parts_of(const Zoned& time);

}  // namespace engine::nodes
