// Near names on a typo: every lookup that can miss suggests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// The names closest to `name`, best first, at most `most`; none that is too far to be a typo.
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names,
                                       std::size_t most = 3);

/// " Did you mean 'a' or 'b'?" with a leading space, or "" when nothing is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

/// "a, b or c"; quoted as 'a', 'b' or 'c'.
std::string list_names(const std::vector<std::string>& names);

}  // namespace engine
