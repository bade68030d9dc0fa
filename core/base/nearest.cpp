#include "core/base/nearest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace engine {
namespace {

char folded(char c) {
  return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Edit distance with transpositions (optimal string alignment), letter case ignored.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
          folded(a[i - 2]) == folded(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names,
                                       std::size_t most) {
  constexpr std::size_t kLongestCompared = 128;
  if (name.size() > kLongestCompared) return {};
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& candidate : names) {
    const std::size_t longest = std::max(name.size(), candidate.size());
    const std::size_t allowed = longest <= 3 ? 1 : longest / 3;
    const std::size_t gap =
        longest - std::min(name.size(), candidate.size());  // a lower bound of the distance
    if (gap > allowed) continue;
    const std::size_t d = distance(name, candidate);
    if (d <= allowed) found.emplace_back(d, candidate);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> result;
  for (auto& [d, candidate] : found) {
    if (result.size() == most) break;
    if (result.empty() || result.back() != candidate) result.push_back(std::move(candidate));
  }
  return result;
}

std::string list_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "'" + names[i] + "'";
  }
  return text;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::vector<std::string> near = nearest_names(name, names);
  return near.empty() ? "" : " Did you mean " + list_names(near) + "?";
}

}  // namespace engine
