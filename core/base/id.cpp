#include "core/base/id.h"

#include <string_view>

namespace engine {

std::string make_id(const Clock& clock, Random& random) {
  constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id(26, '0');
  auto time = static_cast<std::uint64_t>(to_ms(clock.now()));
  for (std::size_t i = 10; i-- > 0; time >>= 5U) id[i] = kAlphabet[time & 31U];
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = random.next();
    for (std::size_t i = 0; i < 8; ++i, bits >>= 5U) id[10 + half * 8 + i] = kAlphabet[bits & 31U];
  }
  return id;
}

}  // namespace engine
