#include "nodes/crypto/random_text.h"

#include <string_view>

#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"

namespace engine::nodes {

std::string random_letters(std::size_t count) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < count) {
    for (const char byte : random_bytes(count - text.size())) {
      // 248 is the last multiple of 62; more would make some letters likelier.
      const auto number = static_cast<unsigned char>(byte);
      if (number < 248) text += kLetters[number % kLetters.size()];
    }
  }
  return text;
}

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = to_hex(bytes);
  for (const std::size_t place : {20U, 16U, 12U, 8U}) text.insert(place, "-");
  return text;
}

}  // namespace engine::nodes
