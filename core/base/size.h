// Sizes of memory and files, as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

/// "64KiB", "256MiB", "2GiB", in bytes. Nothing for any other text, and for 1024 GiB and more.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace engine
