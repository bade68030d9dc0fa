#include "core/expression/packing.h"

#include <cstdint>
#include <cstring>

namespace engine::expression {

// Both sides are the same program on the same machine.
std::string pack(const std::vector<std::string_view>& texts) {
  std::size_t total = 0;
  for (const std::string_view text : texts) total += text.size() + sizeof(std::uint64_t);
  std::string packed;
  packed.reserve(total);
  for (const std::string_view text : texts) {
    const std::uint64_t size = text.size();
    packed.append(reinterpret_cast<const char*>(&size), sizeof size);
    packed.append(text);
  }
  return packed;
}

std::vector<std::string_view> unpack(std::string_view packed, std::size_t least) {
  std::vector<std::string_view> texts;
  while (!packed.empty()) {
    std::uint64_t size = 0;
    if (packed.size() < sizeof size) return {};
    std::memcpy(&size, packed.data(), sizeof size);
    packed.remove_prefix(sizeof size);
    if (size > packed.size()) return {};
    texts.push_back(packed.substr(0, size));
    packed.remove_prefix(size);
  }
  if (texts.size() < least) return {};
  return texts;
}

}  // namespace engine::expression
