// Several texts as one, for the way to another process and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::expression {

/// Each text goes with its length before it.
std::string pack(const std::vector<std::string_view>& texts);

/// The texts, which point into `packed`. Nothing when it was not packed like that, or holds fewer
/// than `least`.
std::vector<std::string_view> unpack(std::string_view packed, std::size_t least);

}  // namespace engine::expression
