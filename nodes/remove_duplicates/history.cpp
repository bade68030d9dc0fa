#include "nodes/remove_duplicates/history.h"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace engine::nodes {
namespace {

constexpr std::size_t kHexDigits = 16;

void append_hex(std::uint64_t number, std::string& out) {
  std::array<char, kHexDigits> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
  const auto size = static_cast<std::size_t>(end - digits.data());
  out.append(kHexDigits - size, '0');
  out.append(digits.data(), size);
}

bool read_hex(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Digest digest_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data());
  Digest digest{};
  std::memcpy(digest.data(), bytes.data(), sizeof digest);
  return digest;
}

History::History(View stored) {
  for (const View entry : stored.elements()) {
    const std::string_view text = entry.as_string();
    Digest digest{};
    if (text.size() == 2 * kHexDigits && read_hex(text.substr(0, kHexDigits), digest[0]) &&
        read_hex(text.substr(kHexDigits), digest[1])) {
      add(digest);
    }
  }
}

bool History::add(const Digest& digest) {
  if (!known_.insert(digest).second) return false;
  order_.push_back(digest);
  return true;
}

Value History::to_value(std::size_t most) const {
  ValueBuilder builder;
  builder.begin_array();
  for (std::size_t i = order_.size() - std::min(most, order_.size()); i < order_.size(); ++i) {
    std::string text;
    for (const std::uint64_t half : order_[i]) append_hex(half, text);
    builder.string(text);
  }
  builder.end_array();
  return builder.finish();
}

}  // namespace engine::nodes
