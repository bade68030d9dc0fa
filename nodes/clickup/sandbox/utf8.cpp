#include "nodes/clickup/sandbox/utf8.h"

#include <cstdint>

namespace engine::clickup::sandbox {
namespace {

/// How many bytes follow a first one; -1 when it cannot be one.
int following(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  if (first >= 0xF0 && first <= 0xF4) return 3;
  return -1;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    const int count = following(first);
    if (count < 0 || text.size() - i < static_cast<std::size_t>(count)) return false;
    std::uint32_t code = first & (0x7FU >> static_cast<unsigned>(count + (count > 0 ? 1 : 0)));
    for (int k = 0; k < count; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if ((byte & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (byte & 0x3FU);
    }
    const bool overlong = (count == 2 && code < 0x800) || (count == 3 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF) return false;
  }
  return true;
}

}  // namespace engine::clickup::sandbox
