#include "nodes/date_time/date_names.h"

#include <algorithm>
#include <array>

namespace engine::nodes {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::size_t kShort = 3;

bool starts_with(std::string_view text, std::string_view name) {
  return text.size() >= name.size() &&
         std::equal(name.begin(), name.end(), text.begin(),
                    [](char a, char b) { return (a | 32) == (b | 32); });
}

template <std::size_t N>
int take(std::string_view& text, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    for (const std::string_view name : {names[i], names[i].substr(0, kShort)}) {
      if (!starts_with(text, name)) continue;
      text.remove_prefix(name.size());
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

}  // namespace

std::string month_name(int month, bool is_short) {
  const std::string_view name = kMonths.at(static_cast<std::size_t>(month - 1));
  return std::string(is_short ? name.substr(0, kShort) : name);
}

std::string weekday_name(int weekday, bool is_short) {
  const std::string_view name = kWeekdays.at(static_cast<std::size_t>(weekday - 1));
  return std::string(is_short ? name.substr(0, kShort) : name);
}

int take_month(std::string_view& text) {
  return take(text, kMonths);
}

int take_weekday(std::string_view& text) {
  return take(text, kWeekdays);
}

}  // namespace engine::nodes
