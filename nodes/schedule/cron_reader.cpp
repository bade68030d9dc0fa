// Reading cron expressions.
#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "nodes/schedule/cron.h"

namespace engine::nodes {
namespace {

struct Field {
  std::string_view name;
  unsigned least;
  unsigned most;
  std::string_view allowed;  ///< beside numbers
};

constexpr std::array<Field, 6> kFields = {
    Field{"second", 0, 59, ""},
    Field{"minute", 0, 59, ""},
    Field{"hour", 0, 23, ""},
    Field{"day of month", 1, 31, ", or L for the last one"},
    Field{"month", 1, 12, ", or JAN to DEC"},
    Field{"day of week", 0, 7, " (0 and 7 are Sunday), SUN to SAT, MON#2 or FRIL"}};
constexpr std::size_t kDayField = 3;
constexpr std::size_t kMonthField = 4;
constexpr std::size_t kWeekdayField = 5;

constexpr std::array<std::string_view, 13> kMonths = {
    "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED",
                                                       "THU", "FRI", "SAT"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kShort = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

struct Word {
  std::string text;
  std::size_t column = 1;
};

std::vector<Word> split(std::string_view text, std::string_view separators, std::size_t column) {
  std::vector<Word> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    words.push_back({std::string(text.substr(begin, end - begin)), column + begin});
    begin = end + 1;
  }
  return words;
}

/// Up to three digits; nothing for any other text.
std::optional<unsigned> number_in(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number;
}

}  // namespace

class CronReader {
 public:
  explicit CronReader(std::string_view text) : whole_(text) {}

  Cron read() {
    std::string text = upper(whole_);
    for (const auto& [word, meaning] : kShort) {
      if (upper(word) == text) text = meaning;
    }
    std::vector<Word> words = split(text, " \t", 1);
    std::erase_if(words, [](const Word& word) { return word.text.empty(); });
    if (words.size() != 5 && words.size() != 6) {
      fail("it has " + std::to_string(words.size()) +
           " fields. Write five (minute, hour, day of month, month, day of week), or six with the "
           "second first, or @hourly, @daily, @weekly, @monthly, @yearly");
    }
    const std::size_t first = kFields.size() - words.size();
    if (first == 1) cron_.seconds_.set(0);
    for (std::size_t i = 0; i < words.size(); ++i) read_field(first + i, words[i]);
    check_comes();
    return std::move(cron_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCause::user, "bad_cron",
                "'" + std::string(whole_) + "' is not a cron expression: " + why + ".");
  }
  [[noreturn]] void fail_at(const Word& word, std::size_t index, const std::string& why) const {
    const Field& field = kFields.at(index);
    fail("'" + word.text + "' at column " + std::to_string(word.column) + " (" +
         std::string(field.name) + ") " + why + ". Allowed are * and " +
         std::to_string(field.least) + " to " + std::to_string(field.most) +
         std::string(field.allowed) + ", with ranges 1-5, steps */2 and lists 1,3");
  }

  void read_field(std::size_t index, const Word& word) {
    for (const Word& part : split(word.text, ",", word.column)) read_part(index, part);
  }

  void read_part(std::size_t index, const Word& part) {
    const bool any =
        part.text == "*" || (part.text == "?" && (index == kDayField || index == kWeekdayField));
    if (any && index == kDayField) cron_.any_day_ = true;
    if (any && index == kWeekdayField) cron_.any_weekday_ = true;
    if (any) return set(index, kFields.at(index).least, kFields.at(index).most, 1);
    if (read_special(index, part)) return;
    const std::size_t slash = part.text.find('/');
    const unsigned step = slash == std::string::npos ? 1 : step_of(index, part, slash);
    const std::string range = part.text.substr(0, slash);
    const Field& field = kFields.at(index);
    if (range == "*") return set(index, field.least, field.most, step);
    const std::size_t dash = range.find('-');
    const unsigned from = value_of(index, part, range.substr(0, dash));
    unsigned to = from;
    if (dash != std::string::npos) {
      to = value_of(index, part, range.substr(dash + 1));
      if (index == kWeekdayField && to == 0 && from > 0) to = 7;  // SAT-SUN
      if (to < from) fail_at(part, index, "ends before it begins");
    } else if (slash != std::string::npos) {
      to = field.most;
    }
    set(index, from, to, step);
  }

  /// `L`, `5L`, `MON#2`.
  bool read_special(std::size_t index, const Word& part) {
    const std::string& text = part.text;
    if (index == kDayField && text == "L") return cron_.last_day_ = true;
    if (index != kWeekdayField) return false;
    const std::size_t hash = text.find('#');
    if (hash != std::string::npos) {
      const auto nth = number_in(std::string_view(text).substr(hash + 1));
      if (!nth || *nth < 1 || *nth > 5) fail_at(part, index, "needs 1 to 5 behind the #");
      cron_.nth_days_.push_back({value_of(index, part, text.substr(0, hash)) % 7, *nth});
      return true;
    }
    if (text.size() < 2 || text.back() != 'L') return false;
    cron_.nth_days_.push_back({value_of(index, part, text.substr(0, text.size() - 1)) % 7, 0});
    return true;
  }

  unsigned step_of(std::size_t index, const Word& part, std::size_t slash) const {
    const auto step = number_in(std::string_view(part.text).substr(slash + 1));
    if (!step || *step == 0) fail_at(part, index, "needs a number from 1 behind the /");
    return *step;
  }

  unsigned value_of(std::size_t index, const Word& part, const std::string& text) const {
    if (index == kMonthField) {
      const auto found = std::find(kMonths.begin() + 1, kMonths.end(), text);
      if (found != kMonths.end()) return static_cast<unsigned>(found - kMonths.begin());
    }
    if (index == kWeekdayField) {
      const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), text);
      if (found != kWeekdays.end()) return static_cast<unsigned>(found - kWeekdays.begin());
    }
    const auto number = number_in(text);
    const Field& field = kFields.at(index);
    if (!number) fail_at(part, index, "cannot be read");
    if (*number < field.least || *number > field.most) fail_at(part, index, "is out of range");
    return *number;
  }

  void set(std::size_t index, unsigned from, unsigned to, unsigned step) {
    for (unsigned i = from; i <= to; i += step) {
      switch (index) {
        case 0: cron_.seconds_.set(i); break;
        case 1: cron_.minutes_.set(i); break;
        case 2: cron_.hours_.set(i); break;
        case kDayField: cron_.days_.set(i); break;
        case kMonthField: cron_.months_.set(i); break;
        default: cron_.weekdays_.set(i % 7); break;
      }
    }
  }

  /// Leap years can be eight years apart, and then have their 29 February on any day of the week.
  void check_comes() const {
    using date::local_days;
    const local_days end = local_days(date::year(2080) / 1 / 1);
    for (local_days day = local_days(date::year(2024) / 1 / 1); day < end; day += date::days(1)) {
      const date::year_month_day ymd(day);
      if (cron_.months_[static_cast<unsigned>(ymd.month())] && cron_.fits(ymd)) return;
    }
    fail("no such day ever comes");
  }

  std::string_view whole_;
  Cron cron_;
};

Cron Cron::parse(std::string_view text) {
  return CronReader(text).read();
}

}  // namespace engine::nodes
