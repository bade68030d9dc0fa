// Whether bytes are UTF-8: well-formed by Unicode 15, table 3-7, so no overlong forms, no
// surrogates.
#pragma once

#include <cstddef>
#include <string_view>

namespace engine {

/// Length of the sequence at the front of `bytes`, which are not empty; 0 when there is none.
std::size_t utf8_sequence(std::string_view bytes);

/// Where the first byte is that belongs to no sequence; the size when there is none.
std::size_t first_bad_utf8(std::string_view bytes);

inline bool is_utf8(std::string_view bytes) {
  return first_bad_utf8(bytes) == bytes.size();
}

}  // namespace engine
