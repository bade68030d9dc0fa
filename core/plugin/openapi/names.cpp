#include "core/plugin/openapi/names.h"

namespace engine::plugin::openapi {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::size_t kLongest = 80;

}  // namespace

std::string snake_case(std::string_view name, std::string_view fallback) {
  std::string result;
  for (std::size_t i = 0; i < name.size() && result.size() < kLongest; ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      if (!result.empty() && result.back() != '_') result += '_';
      continue;
    }
    const char before = i > 0 ? name[i - 1] : '_';
    const char after = i + 1 < name.size() ? name[i + 1] : '_';
    // A word begins at "aB", and at the last capital of "ABc".
    const bool begins = is_upper(c) && (is_lower(before) || is_digit(before) ||
                                        (is_upper(before) && is_lower(after)));
    if (begins && !result.empty() && result.back() != '_') result += '_';
    result += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty()) return std::string(fallback);
  if (is_digit(result.front())) result.insert(0, "n");
  return result;
}

std::string title_case(std::string_view snake) {
  std::string title(snake);
  for (char& c : title) {
    if (c == '_') c = ' ';
  }
  if (!title.empty() && is_lower(title.front())) {
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  }
  return title;
}

std::string UniqueNames::take(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 2; !taken_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
  return name;
}

}  // namespace engine::plugin::openapi
