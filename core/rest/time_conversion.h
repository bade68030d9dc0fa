// Times as people and services write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/value/value.h"

namespace engine::rest {

struct ReadTime {
  std::int64_t ms = 0;
  std::optional<bool> has_time;  ///< nothing for milliseconds, which do not tell
};

/// Milliseconds (a number, or a text of 11 digits and more); ISO 8601 with an offset; a date and
/// time without one, in `timezone`; a date, which is `date_hour` o'clock of that day in `timezone`.
/// A local time that a clock change skips is the first moment after it. Throws Error{user,
/// "bad_parameter"} for everything else, and for an unknown time zone.
ReadTime read_time(View value, const std::string& timezone, int date_hour);

}  // namespace engine::rest
