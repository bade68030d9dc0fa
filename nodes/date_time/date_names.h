// English names of months and days.
#pragma once

#include <string>
#include <string_view>

namespace engine::nodes {

std::string month_name(int month, bool is_short);      ///< 1: January
std::string weekday_name(int weekday, bool is_short);  ///< 1: Monday

/// Takes a name, long or short and in any case, from the front of `text`; 0 when there is none.
int take_month(std::string_view& text);
int take_weekday(std::string_view& text);

}  // namespace engine::nodes
